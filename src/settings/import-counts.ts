/** What an import brought. */
export interface ImportCounts {
  readonly conversations: number;
  readonly messages: number;
  /** Lines that were not understood, or that were there already. */
  readonly skipped: number;
}

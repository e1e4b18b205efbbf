/** Something that can be done now and need not be: it stands above the screen until it is done or put away. */
export interface Offer {
  readonly id: string;
  /** Functions, since the language may change while it stands. */
  readonly text: () => string;
  /** Absent: one of the actions puts it away. */
  readonly dismiss?: () => void;
  readonly actions: readonly { readonly label: () => string; readonly run: () => void }[];
}

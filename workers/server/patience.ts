/** How long a server may take for what. A model is loaded and a prompt read for as long as it takes; everything else has an end. */
export interface Patience {
  /** For a list of models, or the facts of one, from the question to the last byte; in ms. */
  readonly listMs: number;
  /** Once words come, nothing may come for this long, in ms. */
  readonly silenceMs: number;
  /** How long counts may come after the last word, in ms; some servers keep the line open for ever. */
  readonly afterEndMs: number;
  /** A pause that a server asks for is kept when it is no longer than this, in ms. */
  readonly longestPauseMs: number;
  /**
   * The first pause before a server is asked again that is too busy, in ms; each further one is twice as long. What it asks for
   * itself, in `Retry-After`, a page may read only where the server allows that.
   */
  readonly ownPauseMs: number;
}

export const usualPatience: Patience = {
  listMs: 15_000,
  silenceMs: 60_000,
  afterEndMs: 2_000,
  longestPauseMs: 60_000,
  ownPauseMs: 1_000,
};

/** What every reader makes of its kind of file. */

/**
 * What is longer than this, in characters, is no heading, whatever its file says: it stands before each passage below it, and one
 * that nobody has closed would be all of the file.
 */
export const longestTitle = 300;

export interface Heading {
  /** Of its line, or of what it stands above, in the text. */
  readonly start: number;
  /** From 1, the outermost. */
  readonly level: number;
  readonly title: string;
}

/** The text of a file, with what passages are cut along. Offsets are UTF-16 units of `text`. */
export interface DocumentText {
  readonly text: string;
  /** In the order of the text. */
  readonly headings: readonly Heading[];
  /** Where each page or chapter begins; empty for what has none. */
  readonly pageStarts: readonly number[];
  /** Where its smallest parts begin that must stay whole, such as rows; sentences are looked for when absent. */
  readonly unitStarts?: readonly number[];
  /** Stands above every passage, such as the first row of a table. */
  readonly above?: string;
}

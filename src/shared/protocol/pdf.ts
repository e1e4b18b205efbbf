/** What page and PDF worker say to each other. Types only. */
import type { Result } from './failure';

/**
 * Finds a map of character codes that old Chinese, Japanese and Korean PDFs name instead of bringing it. Null where there is none
 * of that name.
 */
export type ReadMap = (name: string) => Promise<Uint8Array | null>;

export interface PdfProgress {
  /** Pages that have been read. */
  readonly done: number;
  readonly pages: number;
}

export interface PdfApi {
  /** @param readMap called in the page */
  read(file: Blob, readMap: ReadMap): Promise<Result<string>>;
  /** The text of each page, empty for one that has none; how far it is, is told as `PdfProgress` events. */
  readPages(file: Blob, readMap: ReadMap): Promise<Result<readonly string[]>>;
}

/** What page and PDF worker say to each other. Types only. */
import type { Result } from './failure';

/**
 * What pdf.js keeps apart from its code, by name: maps of character codes that old Chinese, Japanese and Korean PDFs name instead
 * of bringing them (`UniGB-UCS2-H`), and programs for images of scans (`jbig2.wasm`). Null where there is none of that name.
 */
export type ReadPdfData = (name: string) => Promise<Uint8Array | null>;

export interface PdfProgress {
  /** Pages that have been read. */
  readonly done: number;
  readonly pages: number;
}

export interface DrawnPage {
  /** From 1. */
  readonly number: number;
  /** PNG. Null where the page is blank, or something on it cannot be drawn. */
  readonly picture: Blob | null;
}

export interface PdfApi {
  /** @param readData called in the page */
  read(file: Blob, readData: ReadPdfData): Promise<Result<string>>;
  /** The text of each page, empty for one that has none; how far it is, is told as `PdfProgress` events. */
  readPages(file: Blob, readData: ReadPdfData): Promise<Result<readonly string[]>>;
  /** Draws the first pages, `most` of them; each is told as a `PdfProgress` event. */
  draw(file: Blob, readData: ReadPdfData, most: number): Promise<Result<readonly DrawnPage[]>>;
}

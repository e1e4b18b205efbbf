/** What page and PDF worker say to each other. Types only. */
import type { Result } from './failure';

export interface PdfRequest {
  readonly file: Blob;
}

export type PdfAnswer =
  | { readonly type: 'text'; readonly result: Result<string> }
  /** A map of character codes that old Chinese, Japanese and Korean PDFs name instead of bringing it. */
  | { readonly type: 'map-wanted'; readonly name: string };

/** Null where there is none of that name. */
export interface PdfMap {
  readonly name: string;
  readonly bytes: Uint8Array | null;
}

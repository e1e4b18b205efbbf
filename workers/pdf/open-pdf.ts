/**
 * pdf.js, so that nothing is fetched or run. With its build for older browsers: the other one needs what Safari, for one, got in its
 * version 26.2.
 */
import { failed, failureFrom, type Failed } from '../../src/shared/protocol/failure';
import type { ReadMap } from '../../src/shared/protocol/pdf';
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import * as pdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs';

export type OpenedPdf = PDFDocumentProxy;

// This thread is the worker already: pdf.js finds its other half here, and starts none of its own.
(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = pdfWorker;
GlobalWorkerOptions.workerSrc = 'here';

/** What pdf.js asks for files of its own with: maps of characters are given to it, fonts and programs it does without. */
const dataSource = (readMap: ReadMap): new () => object =>
  class {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
      const bytes = kind === 'cMapUrl' ? await readMap(filename.replace(/\.bcmap$/, '')) : null;
      if (bytes === null) throw new Error(`not here: ${filename}`);
      return bytes;
    }
  };

/** @param more what pdf.js needs beside for drawing */
export const openPdf = (data: Uint8Array, readMap: ReadMap, more: object = {}): ReturnType<typeof getDocument> =>
  getDocument({
    data,
    useSystemFonts: false,
    disableFontFace: true,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    stopAtErrors: false,
    verbosity: 0,
    // An address is demanded, and not used: all goes through the factory.
    cMapUrl: 'maps/',
    BinaryDataFactory: dataSource(readMap),
    ...more,
  } as Parameters<typeof getDocument>[0]);

/** Why it could not be opened. */
export function unopened(error: unknown): Failed {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return failed('attachment-encrypted', 'needs a password');
  return { ok: false, failure: failureFrom(error, 'attachment-unreadable') };
}

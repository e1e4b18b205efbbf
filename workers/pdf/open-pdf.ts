/**
 * pdf.js, so that nothing is fetched or run. With its build for older browsers: the other one needs what Safari, for one, got in its
 * version 26.2.
 */
import { failed, failureFrom, type Failed } from '../../src/shared/protocol/failure';
import type { ReadPdfData } from '../../src/shared/protocol/pdf';
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import * as pdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs';

export type OpenedPdf = PDFDocumentProxy;

// This thread is the worker already: pdf.js finds its other half here, and starts none of its own.
(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = pdfWorker;
GlobalWorkerOptions.workerSrc = 'here';

/** What pdf.js asks for files of its own with. Fonts it does without. */
const dataSource = (readData: ReadPdfData): new () => object =>
  class {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
      const isHere = kind === 'cMapUrl' || kind === 'wasmUrl';
      const bytes = isHere ? await readData(filename.replace(/\.bcmap$/, '')) : null;
      if (bytes === null) throw new Error(`not here: ${filename}`);
      return bytes;
    }
  };

/** @param more what pdf.js needs beside for drawing */
export const openPdf = (data: Uint8Array, readData: ReadPdfData, more: object = {}): ReturnType<typeof getDocument> =>
  getDocument({
    data,
    useSystemFonts: false,
    disableFontFace: true,
    useWorkerFetch: false,
    enableXfa: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    stopAtErrors: false,
    verbosity: 0,
    // Addresses are demanded, and not used: all goes through the factory.
    cMapUrl: 'maps/',
    wasmUrl: 'programs/',
    BinaryDataFactory: dataSource(readData),
    ...more,
  } as Parameters<typeof getDocument>[0]);

/** Why it could not be opened. */
export function unopened(error: unknown): Failed {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return failed('attachment-encrypted', 'needs a password');
  return { ok: false, failure: failureFrom(error, 'attachment-unreadable') };
}

/**
 * The text of a PDF, page by page. No page is ever drawn. With the build of pdf.js for older browsers: the other one needs what
 * Safari, for one, got in its version 26.2.
 */
import { failed, failureFrom, type Result } from '../../src/shared/protocol/failure';
import type { ReadMap } from '../../src/shared/protocol/pdf';
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import * as pdfWorker from 'pdfjs-dist/legacy/build/pdf.worker.mjs';

// This thread is the worker already: pdf.js finds its other half here, and starts none of its own.
(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = pdfWorker;
GlobalWorkerOptions.workerSrc = 'here';

/** Far beyond any window; a book of a thousand pages has two million. */
const mostCharacters = 10_000_000;

interface TextItem {
  readonly str: string;
  readonly hasEOL: boolean;
}

async function pageText(document: PDFDocumentProxy, number: number): Promise<string> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  return items
    .filter((item): item is typeof item & TextItem => 'str' in item)
    .map(({ str, hasEOL }) => (hasEOL ? `${str}\n` : str))
    .join('')
    .trim();
}

/** Also a PDF of pictures may have a page number or two as text; no document is as short as that. */
const isEmpty = (text: string): boolean => text.replace(/[\s\d.–-]/g, '').length < 2;

/** What pdf.js asks for files of its own with: maps of characters are given to it, fonts and programs are not needed for text. */
const dataSource = (readMap: ReadMap): new () => object =>
  class {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
      const bytes = kind === 'cMapUrl' ? await readMap(filename.replace(/\.bcmap$/, '')) : null;
      if (bytes === null) throw new Error(`not here: ${filename}`);
      return bytes;
    }
  };

type TellPage = (done: number, pages: number) => void;

/** The whole text, as it goes with a question. */
export async function pdfText(file: Blob, readMap: ReadMap): Promise<Result<string>> {
  const pages = await pdfPages(file, readMap, mostCharacters, () => undefined);
  if (!pages.ok) return pages;
  return { ok: true, value: pages.value.filter((text) => text !== '').join('\n\n') };
}

/**
 * The text of each page; empty for a page that has none.
 * @param most characters; pages after so many are left out
 */
export async function pdfPages(
  file: Blob,
  readMap: ReadMap,
  most: number,
  tell: TellPage,
): Promise<Result<readonly string[]>> {
  try {
    const loading = getDocument({
      data: new Uint8Array(await file.arrayBuffer()),
      // Nothing is fetched, drawn or run.
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
    } as Parameters<typeof getDocument>[0]);
    const document = await loading.promise;
    const pages: string[] = [];
    let length = 0;
    for (let number = 1; number <= document.numPages && length < most; number += 1) {
      const text = await pageText(document, number);
      length += text.length;
      pages.push(text);
      tell(number, document.numPages);
    }
    await loading.destroy();
    return pages.every(isEmpty) ? failed('attachment-no-text', 'no text on any page') : { ok: true, value: pages };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException') return failed('attachment-encrypted', 'needs a password');
    return { ok: false, failure: failureFrom(error, 'attachment-unreadable') };
  }
}

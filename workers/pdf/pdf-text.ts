/** The text of a PDF, page by page. What draws its pages comes with it: both are pdf.js for the most part. */
import { failed, type Result } from '../../src/shared/protocol/failure';
import type { ReadPdfData } from '../../src/shared/protocol/pdf';
import { openPdf, unopened, type OpenedPdf } from './open-pdf';

export { drawPages } from './draw-pages';

/** Far beyond any window; a book of a thousand pages has two million. */
const mostCharacters = 10_000_000;

interface TextItem {
  readonly str: string;
  readonly hasEOL: boolean;
}

async function pageText(document: OpenedPdf, number: number): Promise<string> {
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

type TellPage = (done: number, pages: number) => void;

/** The whole text, as it goes with a question. */
export async function pdfText(file: Blob, readData: ReadPdfData): Promise<Result<string>> {
  const pages = await pdfPages(file, readData, mostCharacters, () => undefined);
  if (!pages.ok) return pages;
  return { ok: true, value: pages.value.filter((text) => text !== '').join('\n\n') };
}

/**
 * The text of each page; empty for a page that has none.
 * @param most characters; pages after so many are left out
 */
export async function pdfPages(
  file: Blob,
  readData: ReadPdfData,
  most: number,
  tell: TellPage,
): Promise<Result<readonly string[]>> {
  try {
    const loading = openPdf(new Uint8Array(await file.arrayBuffer()), readData);
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
    if (!pages.every(isEmpty)) return { ok: true, value: pages };
    return failed('attachment-no-text', 'no text on any page', { numbers: { pages: pages.length } });
  } catch (error) {
    return unopened(error);
  }
}

import type { DocumentText } from './document-text';

/** The pages of a PDF, one after the other. An empty one keeps its number. */
export function pagesText(pages: readonly string[]): DocumentText {
  const pageStarts: number[] = [];
  let length = 0;
  for (const page of pages) {
    pageStarts.push(length);
    length += page.length + 2;
  }
  return { text: pages.map((page) => `${page}\n\n`).join(''), headings: [], pageStarts };
}

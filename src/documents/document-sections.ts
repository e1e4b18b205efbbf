/** A document as it is leafed through: by its pages, or in parts of a few passages where it has none. Pure. */
import type { Passage } from '../shared/domain/collection';

export interface Section {
  readonly start: number;
  readonly end: number;
  /** Of a PDF or a book; null where the document has no pages. */
  readonly page: number | null;
}

/** Characters of a part of a document without pages: about a screen. */
const usualPart = 4000;

/** Where pages begin. Passages overlap, so a page may begin before the last passage of the page before has come to its end. */
function pageStarts(passages: readonly Passage[]): readonly { readonly start: number; readonly page: number }[] {
  const starts = new Map<number, number>();
  for (const { start, page } of passages)
    if (page !== undefined) starts.set(page, Math.min(start, starts.get(page) ?? Infinity));
  return [...starts].map(([page, start]) => ({ page, start })).sort((a, b) => a.start - b.start);
}

/** @param length of the text, in UTF-16 units */
export function sectionsOf(length: number, passages: readonly Passage[]): readonly Section[] {
  const pages = pageStarts(passages);
  if (pages.length > 0) {
    return pages.map(({ start, page }, index) => ({
      start: index === 0 ? 0 : start,
      end: pages[index + 1]?.start ?? length,
      page,
    }));
  }
  const starts = [0];
  for (const { start } of passages) if (start - (starts.at(-1) ?? 0) >= usualPart) starts.push(start);
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? length, page: null }));
}

/** The section that a place in the text is in. */
export const sectionAt = (sections: readonly Section[], place: number): number =>
  Math.max(
    0,
    sections.findLastIndex(({ start }) => start <= place),
  );

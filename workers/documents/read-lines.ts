/** Texts that are read by lines: code, and tables. */
import type { DocumentText } from './document-text';

/** Programs and configurations: cut between lines, since they have no sentences. */
export function codeText(text: string): DocumentText {
  const unitStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) unitStarts.push(at + 1);
  return { text, headings: [], pageStarts: [], unitStarts };
}

/** What stands above each passage of a table is shown beside it; a first row may be a page of prose. */
const longestHeader = 300;

/** A table in text: rows stay whole, also those with line breaks in quotes, and each passage tells the names of the columns. */
export function tableText(text: string): DocumentText {
  const unitStarts: number[] = [];
  let start = 0;
  while (start < text.length) {
    unitStarts.push(start);
    start = rowEnd(text, start);
  }
  const header = text.slice(0, unitStarts[1] ?? text.length).trim();
  return {
    text,
    headings: [],
    pageStarts: [],
    unitStarts,
    ...(header !== '' && { above: header.slice(0, longestHeader) }),
  };
}

/** A quote that never closes would make one row of all that follows. */
const longestRow = 100_000;

/** After the line end of the row. */
function rowEnd(text: string, start: number): number {
  const lineEnd = (from: number): number => {
    const found = text.indexOf('\n', from);
    return found === -1 ? text.length : found + 1;
  };
  let end = lineEnd(start);
  let quotes = quotesIn(text, start, end);
  while (quotes % 2 === 1 && end < text.length && end - start < longestRow) {
    const next = lineEnd(end);
    quotes += quotesIn(text, end, next);
    end = next;
  }
  return quotes % 2 === 1 && end - start >= longestRow ? lineEnd(start) : end;
}

function quotesIn(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('"', start); at !== -1 && at < end; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

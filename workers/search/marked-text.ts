import { cutText } from '../../src/shared/domain/cut-text';
import type { MarkedPiece, MarkedText } from '../../src/shared/protocol/search';
import { wordsOf, wordTexts } from '../words';

/** Characters of a snippet, about: two lines of the sidebar. */
const snippetLength = 110;
const before = 30;

interface Range {
  readonly start: number;
  end: number;
}

/** Where the words stand in the text; overlapping pairs of characters make one range. */
function rangesOf(text: string, words: ReadonlySet<string>, most = Number.POSITIVE_INFINITY): Range[] {
  const ranges: Range[] = [];
  for (const word of wordsOf(text)) {
    if (!words.has(word.text)) continue;
    const last = ranges.at(-1);
    if (last && word.start < last.end) last.end = Math.max(last.end, word.end);
    else if (ranges.length < most) ranges.push({ start: word.start, end: word.end });
    else break;
  }
  return ranges;
}

function piecesOf(text: string, ranges: readonly Range[]): MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}

/** The whole text with the words marked. */
export const markedText = (text: string, words: ReadonlySet<string>): MarkedText =>
  piecesOf(text, rangesOf(text, words));

/** Not in the middle of a word where that can be helped, nor of a character. */
function snippetStart(text: string, firstMatch: number): number {
  const from = firstMatch - before;
  if (from <= 0) return 0;
  const space = text.slice(from, firstMatch).search(/\s/);
  if (space !== -1) return from + space + 1;
  return cutText(text, from).length;
}

/** How many of the words a text has. */
export function countOfWords(text: string, words: ReadonlySet<string>): number {
  const found = new Set<string>();
  for (const word of wordTexts(text)) if (words.has(word)) found.add(word);
  return found.size;
}

/** Some words around the first place in a text; null where it has none of the words. */
export function snippetOf(text: string, words: ReadonlySet<string>): MarkedText | null {
  const first = rangesOf(text, words, 1)[0];
  if (!first) return null;
  const start = snippetStart(text, first.start);
  const cut = cutText(text.slice(start), Math.max(first.end - start, snippetLength)).replaceAll(/\s/gu, ' ');
  const pieces = piecesOf(cut, rangesOf(cut, words));
  const ellipsis: MarkedPiece = { text: '…', marked: false };
  return [...(start > 0 ? [ellipsis] : []), ...pieces, ...(start + cut.length < text.length ? [ellipsis] : [])];
}

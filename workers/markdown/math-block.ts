/** TeX in lines of its own, between `$$` and `$$`, or `\[` and `\]`. */
import type { StateBlock } from 'markdown-it';
import { lineOf } from './line-of';

const closers: Readonly<Record<string, string>> = { $$: '$$', '\\[': '\\]' };

interface Found {
  /** The first line that is no part of it. */
  readonly nextLine: number;
  readonly closed: boolean;
}

/**
 * Looks for the end. An opener alone in its line opens like a fence; one with TeX behind it must be closed before the first
 * empty line. Null where it is none.
 */
function findEnd(state: StateBlock, startLine: number, endLine: number, first: string, closer: string): Found | null {
  const rest = first.slice(2).trimEnd();
  if (rest !== '') {
    const at = rest.indexOf(closer);
    if (at !== -1) return at > 0 && at === rest.length - 2 ? { nextLine: startLine + 1, closed: true } : null;
  }
  let line = startLine + 1;
  for (; line < endLine; line += 1) {
    // Back in the container: the list item or the quote has ended.
    const indent = state.sCount[line] ?? 0;
    if (indent < state.blkIndent && !state.isEmpty(line)) break;
    const text = lineOf(state, line).trimEnd();
    if (rest !== '' && text === '') return null;
    if (text.endsWith(closer)) return { nextLine: line + 1, closed: true };
    // "\] and more words": not lines of their own.
    if (rest !== '' && text.includes(closer)) return null;
  }
  return { nextLine: line, closed: false };
}

export function mathBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const first = lineOf(state, startLine);
  const opener = first.slice(0, 2);
  const closer = closers[opener];
  // Three dollars are a price range, and no opener.
  if (closer === undefined || first.startsWith('$$$')) return false;
  const found = findEnd(state, startLine, endLine, first, closer);
  // While a text grows, what has been opened will most likely be closed; at its end it is no formula but a stray mark.
  if (found === null || (!found.closed && state.env['growing'] !== true)) return false;
  if (silent) return true;
  const source = state.getLines(startLine, found.nextLine, state.sCount[startLine] ?? 0, false).trim();
  const token = state.push('math_block', '', 0);
  token.block = true;
  token.markup = opener;
  token.map = [startLine, found.nextLine];
  token.content = (found.closed ? source.slice(2, -2) : source.slice(2)).trim();
  token.meta = { display: true, closed: found.closed };
  state.line = found.nextLine;
  return true;
}

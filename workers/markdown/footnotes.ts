/** Footnotes, each where it is written: nothing has to wait for the end of the text. */
import type { StateBlock, StateInline } from 'markdown-it';
import { lineOf } from './line-of';

const definition = /^\[\^([^\s\]]{1,40})\]:[ \t]*/;

/** `[^1]: words`, to the next empty line or the next footnote. */
export function footnoteDefinition(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const first = definition.exec(lineOf(state, startLine));
  if (!first) return false;
  if (silent) return true;
  let nextLine = startLine + 1;
  while (nextLine < endLine && !state.isEmpty(nextLine) && !definition.test(lineOf(state, nextLine))) {
    if ((state.sCount[nextLine] ?? 0) < state.blkIndent) break;
    nextLine += 1;
  }
  const open = state.push('footnote_open', '', 1);
  open.map = [startLine, nextLine];
  open.info = first[1] ?? '';
  const words = state.push('inline', '', 0);
  words.content = [
    lineOf(state, startLine).slice(first[0].length),
    ...Array.from({ length: nextLine - startLine - 1 }, (_, index) => lineOf(state, startLine + 1 + index)),
  ]
    .join('\n')
    .trim();
  words.map = [startLine, nextLine];
  words.children = [];
  state.push('footnote_close', '', -1);
  state.line = nextLine;
  return true;
}

const reference = /^\[\^([^\s\]]{1,40})\](?!\()/;

/** `[^1]` in a sentence. */
export function footnoteReference(state: StateInline, silent: boolean): boolean {
  if (state.src.charAt(state.pos) !== '[' || state.src.charAt(state.pos + 1) !== '^') return false;
  const found = reference.exec(state.src.slice(state.pos, Math.min(state.posMax, state.pos + 60)));
  if (!found) return false;
  if (!silent) state.push('footnote_reference', '', 0).content = found[1] ?? '';
  state.pos += found[0].length;
  return true;
}

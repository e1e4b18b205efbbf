/** TeX inside of a line: `$x$`, `$$x$$`, `\(x\)`, `\[x\]`. */
import type { StateInline } from 'markdown-it';
import { formulaEnd, isDisplayed } from './dollars';

/** Longer than any formula within a line; a lost dollar must not swallow a page. */
const longest = 2000;

function take(state: StateInline, silent: boolean, opener: string, end: number, display: boolean): boolean {
  if (!silent) {
    const token = state.push('math', '', 0);
    token.content = state.src.slice(state.pos + opener.length, end);
    token.markup = opener;
    token.meta = { display };
  }
  state.pos = end + opener.length;
  return true;
}

/** The place of `closer` before the end of the limit, not escaped; -1 where there is none. */
function closerAfter(state: StateInline, from: number, closer: string): number {
  const limit = Math.min(state.posMax, from + longest);
  for (let at = state.src.indexOf(closer, from); at !== -1 && at < limit; at = state.src.indexOf(closer, at + 1)) {
    let slashes = 0;
    while (state.src.charAt(at - 1 - slashes) === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** "\[1\]", "\[2, 3\]": brackets that were escaped so that they are none, around the number of a source. */
const looksLikeCitation = (content: string): boolean => /^[\d\s,–-]+$/.test(content);

/** `\(…\)` and `\[…\]`. */
export function bracketMath(state: StateInline, silent: boolean): boolean {
  const opener = state.src.slice(state.pos, state.pos + 2);
  if (opener !== '\\(' && opener !== '\\[') return false;
  const end = closerAfter(state, state.pos + 2, opener === '\\(' ? '\\)' : '\\]');
  const content = state.src.slice(state.pos + 2, end);
  if (end === -1 || content.trim() === '' || (opener === '\\[' && looksLikeCitation(content))) return false;
  return take(state, silent, opener, end, opener === '\\[');
}

/** The place of two dollars, not of one or three, that end what two have begun. */
function displayEnd(state: StateInline): number {
  let end = state.pos;
  do end = closerAfter(state, end + 2, '$$');
  while (end !== -1 && (state.src.charAt(end + 2) === '$' || state.src.charAt(end - 1) === '$'));
  return end;
}

/** `$…$`, where the dollars are no prices, and `$$…$$`. */
export function dollarMath(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  let dollars = 0;
  while (src.charAt(pos + dollars) === '$') dollars += 1;
  if (dollars === 0) return false;
  if (dollars === 2) {
    const end = displayEnd(state);
    if (end !== -1 && isDisplayed(src.slice(pos + 2, end))) return take(state, silent, '$$', end, true);
  }
  if (dollars === 1) {
    const end = formulaEnd(src, pos, Math.min(posMax, pos + longest));
    if (end !== -1) return take(state, silent, '$', end, false);
  }
  // All at once: the second alone would begin a formula of its own.
  if (!silent) state.pending += '$'.repeat(dollars);
  state.pos += dollars;
  return true;
}

/** TeX inside of a line: `$x$`, `$$x$$`, `\(x\)`, `\[x\]`. */
import type { StateInline } from 'markdown-it';

/** Longer than any formula within a line; a lost dollar must not swallow a page. */
const longest = 2000;

function take(state: StateInline, silent: boolean, opener: string, end: number, display: boolean): boolean {
  if (!silent) {
    const token = state.push('maths', '', 0);
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
export function bracketMaths(state: StateInline, silent: boolean): boolean {
  const opener = state.src.slice(state.pos, state.pos + 2);
  if (opener !== '\\(' && opener !== '\\[') return false;
  const end = closerAfter(state, state.pos + 2, opener === '\\(' ? '\\)' : '\\]');
  const content = state.src.slice(state.pos + 2, end);
  if (end === -1 || content.trim() === '' || (opener === '\\[' && looksLikeCitation(content))) return false;
  return take(state, silent, opener, end, opener === '\\[');
}

const isWordCharacter = (character: string): boolean => /^[A-Za-z0-9]$/.test(character);
const isSpace = (character: string): boolean => character === '' || /^\s$/.test(character);

/** "5 a month, or 50" between two dollars: prices, and words between them. TeX that begins with a number has an operator. */
const looksLikePrices = (content: string): boolean =>
  /^\d[\d.,]*\s*(?:[A-Za-z\u4e00-\u9fff/–—-]|\s)/.test(content) && !/[\\^_={}<>+*]/.test(content);

function singleDollar(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  // "US$5", "a$b": a dollar at the end of a word is money or a variable of a shell.
  if (isWordCharacter(src.charAt(pos - 1)) || isSpace(src.charAt(pos + 1))) return false;
  for (let end = closerAfter(state, pos + 1, '$'); end !== -1; end = closerAfter(state, end + 1, '$')) {
    if (end - pos > longest) return false;
    if (isSpace(src.charAt(end - 1)) || isWordCharacter(src.charAt(end + 1))) continue;
    const content = src.slice(pos + 1, end);
    return content !== '' && !looksLikePrices(content) && take(state, silent, '$', end, false);
  }
  return false;
}

/** `$…$`, where the dollars are no prices, and `$$…$$`. */
export function dollarMaths(state: StateInline, silent: boolean): boolean {
  if (state.src.charAt(state.pos) !== '$') return false;
  if (state.src.charAt(state.pos + 1) === '$') {
    const end = closerAfter(state, state.pos + 2, '$$');
    if (end !== -1 && state.src.slice(state.pos + 2, end).trim() !== '') return take(state, silent, '$$', end, true);
    // Both at once: the second alone would begin a formula of its own.
    if (!silent) state.pending += '$$';
    state.pos += 2;
    return true;
  }
  if (singleDollar(state, silent)) return true;
  if (!silent) state.pending += '$';
  state.pos += 1;
  return true;
}

/** Addresses that are written without any mark become links, by the rules of GFM. */
import type { StateCore, Token } from 'markdown-it';

export interface FoundLink {
  readonly start: number;
  readonly end: number;
  readonly href: string;
}

// Fullwidth marks and CJK punctuation end an address: Chinese sentences go on behind it without a space.
const notInAddress =
  '\\s<\\u3000-\\u303f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\u2018-\\u201f\\u2026';
const candidates = new RegExp(
  `(?<![A-Za-z0-9])(?:(?:https?|ftp):\\/\\/|www\\.)[^${notInAddress}]+|[A-Za-z0-9._+-]+@[A-Za-z0-9._-]+`,
  'gi',
);

/** Segments of letters, digits, hyphens and underscores; none of the latter in the last two. */
function isDomain(host: string, mustHavePeriod: boolean): boolean {
  const segments = host.split('.');
  if (mustHavePeriod && segments.length < 2) return false;
  if (!segments.every((segment) => /^[\p{L}\p{N}_-]+$/u.test(segment))) return false;
  return !segments.slice(-2).some((segment) => segment.includes('_'));
}

/** Marks at the end belong to the sentence, and so does a parenthesis that was opened before the address. */
function trimmed(address: string): string {
  for (let rest = address; ;) {
    const end =
      /[?!.,:*_~'"]+$/.exec(rest)?.index ??
      /&[A-Za-z0-9]+;$/.exec(rest)?.index ??
      (rest.endsWith(')') && rest.split(')').length > rest.split('(').length ? rest.length - 1 : rest.length);
    if (end === rest.length) return rest;
    rest = rest.slice(0, end);
  }
}

function webAddress(text: string): { readonly length: number; readonly href: string } | null {
  const [, scheme = '', rest = ''] = /^((?:https?|ftp):\/\/)?(.*)$/is.exec(trimmed(text)) ?? [];
  const host = /^[^/?#:]*/.exec(rest)?.[0] ?? '';
  if (!isDomain(host, scheme === '')) return null;
  const length = scheme.length + rest.length;
  return { length, href: scheme === '' ? `http://${rest}` : scheme + rest };
}

function mailAddress(text: string): { readonly length: number; readonly href: string } | null {
  const address = text.replace(/\.+$/, '');
  const domain = address.slice(address.indexOf('@') + 1);
  if (!/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/.test(domain) || /[-_]$/.test(domain)) return null;
  return { length: address.length, href: `mailto:${address}` };
}

/** Where in a plain text addresses stand. */
export function addressesIn(text: string): readonly FoundLink[] {
  if (!/:\/\/|www\.|@/i.test(text)) return [];
  return [...text.matchAll(candidates)].flatMap(({ 0: written, index }) => {
    const isWeb = /^(?:https?|ftp):\/\/|^www\./i.test(written);
    const found = isWeb ? webAddress(written) : mailAddress(written);
    return found === null ? [] : [{ start: index, end: index + found.length, href: found.href }];
  });
}

function linked(state: StateCore, text: Token): Token[] {
  const tokens: Token[] = [];
  const push = (type: string, nesting: -1 | 0 | 1, content = ''): Token => {
    const token = new state.Token(type, '', nesting);
    token.content = content;
    tokens.push(token);
    return token;
  };
  let done = 0;
  for (const { start, end, href } of addressesIn(text.content)) {
    const address = state.md.normalizeLink(href);
    if (!state.md.validateLink(address)) continue;
    if (start > done) push('text', 0, text.content.slice(done, start));
    const open = push('link_open', 1);
    open.attrs = [['href', address]];
    open.info = 'auto';
    push('text', 0, text.content.slice(start, end));
    push('link_close', -1);
    done = end;
  }
  if (done < text.content.length) push('text', 0, text.content.slice(done));
  return tokens;
}

/** A rule for the parser's core, after all else has been told apart: code, links and raw HTML are left alone. */
export function autolinkRule(state: StateCore): void {
  for (const block of state.tokens) {
    if (block.type !== 'inline' || !block.children) continue;
    let inLink = 0;
    block.children = block.children.flatMap((token) => {
      if (token.type === 'link_open') inLink += 1;
      if (token.type === 'link_close') inLink -= 1;
      return token.type === 'text' && inLink === 0 ? linked(state, token) : [token];
    });
  }
}

/**
 * Where a text that is still being written can be cut: what lies before the cut has its final form.
 *
 * Without this, every token would cost as much as the whole answer so far.
 */
import type { Token, Tokens } from 'marked';

/** A block longer than this is cut in pieces while it is written, so that the work for a token stays bounded. */
export const longestOpenBlock = 1500;

const isSpace = (token: Token): boolean => token.type === 'space';

/**
 * The index of the first token that may still change.
 *
 * A block is settled once a later one has begun, and a block has begun for good only with its first whole line: "Foo\n#" is
 * a paragraph and a heading, "Foo\n#1" is one paragraph.
 */
export function firstOpenToken(tokens: readonly Token[], source: string): number {
  const complete = source.lastIndexOf('\n') + 1;
  let start = 0;
  let open = 0;
  for (const [index, token] of tokens.entries()) {
    if (!isSpace(token)) {
      const lineEnd = source.indexOf('\n', start);
      if (lineEnd === -1 || lineEnd >= complete) break;
      open = index;
    }
    start += token.raw.length;
  }
  return open;
}

export interface Cut {
  /** Characters of the block before the cut. */
  readonly at: number;
  /** What makes the rest read as the same block. */
  readonly prefix: string;
}

const lastBreak = (raw: string, mark: string, limit: number): number =>
  raw.lastIndexOf(mark, limit - mark.length) + mark.length;

/** Where to cut an open block that has grown too long; null while it can stay in one piece. */
export function cutOpenBlock(token: Token, prefixLength: number): Cut | null {
  const { raw } = token;
  if (raw.length - prefixLength <= longestOpenBlock) return null;
  const limit = prefixLength + longestOpenBlock;
  if (token.type === 'code' && /^ {0,3}(`{3,}|~{3,})/.test(raw)) {
    const opening = raw.slice(0, raw.indexOf('\n') + 1);
    const at = lastBreak(raw, '\n', limit);
    if (opening !== '' && at > Math.max(prefixLength, opening.length)) return { at, prefix: opening };
  } else if (token.type === 'list') {
    const lastItem = (token as Tokens.List).items.at(-1);
    const at = lastItem ? raw.lastIndexOf(lastItem.raw) : 0;
    if (at > prefixLength) return { at, prefix: '' };
  } else if (token.type === 'table') {
    const head = raw.split('\n', 2).join('\n') + '\n';
    const at = lastBreak(raw, '\n', limit);
    if (at > Math.max(prefixLength, head.length)) return { at, prefix: head };
  } else if (token.type === 'blockquote') {
    const at = lastBreak(raw, '\n', limit);
    if (at > prefixLength) return { at, prefix: '' };
  }
  const atSpace = lastBreak(raw, ' ', limit);
  // Chinese has no spaces; and a cut between the halves of a surrogate pair would show two broken characters.
  const low = raw.charCodeAt(limit);
  const anywhere = low >= 0xdc00 && low <= 0xdfff ? limit - 1 : limit;
  return { at: atSpace > limit - 200 ? atSpace : anywhere, prefix: '' };
}

/**
 * Where a text that is still being written can be cut: what lies before the cut has its final form.
 *
 * Without this, every token would cost as much as the whole answer so far.
 */
import type { Token } from 'markdown-it';

/** A block longer than this is cut in pieces while it is written, so that the work for a token stays bounded. */
export const longestOpenBlock = 1500;

export interface TopBlock {
  /** All its tokens, from the opening one to the closing one. */
  readonly tokens: readonly Token[];
  /** Where it begins in the source, in characters. */
  readonly start: number;
}

/** Where each line begins; one more for the end. */
function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The blocks of a text that are inside of no other. Definitions of links are none; they lie between or before them. */
export function topBlocks(tokens: readonly Token[], source: string): readonly TopBlock[] {
  const starts = lineStarts(source);
  const blocks: TopBlock[] = [];
  for (let from = 0; from < tokens.length;) {
    let end = from;
    for (let depth = 0; end < tokens.length; end += 1) {
      depth += tokens[end]?.nesting ?? 0;
      if (depth <= 0) break;
    }
    const start = starts[tokens[from]?.map?.[0] ?? 0] ?? 0;
    blocks.push({ tokens: tokens.slice(from, end + 1), start });
    from = end + 1;
  }
  return blocks;
}

/**
 * The index of the first block that may still change.
 *
 * A block is settled once a later one has begun, and a block has begun for good only with its first whole line: "Foo\n#" is
 * a paragraph and a heading, "Foo\n#1" is one paragraph.
 */
export function firstOpenBlock(blocks: readonly TopBlock[], source: string): number {
  const complete = source.lastIndexOf('\n');
  return Math.max(
    0,
    blocks.findLastIndex(({ start }) => {
      const lineEnd = source.indexOf('\n', start);
      return lineEnd !== -1 && lineEnd <= complete;
    }),
  );
}

export interface Cut {
  /** Characters of the block before the cut. */
  readonly at: number;
  /** What makes the rest read as the same block. */
  readonly prefix: string;
}

const lastBreak = (raw: string, mark: string, limit: number): number =>
  raw.lastIndexOf(mark, limit - mark.length) + mark.length;

/** Behind the last line that fits, where the lines before it (an opening fence, the head of a table) are said again. */
function cutBehindLine(raw: string, head: string, limit: number, prefixLength: number): Cut | null {
  const at = lastBreak(raw, '\n', limit);
  return at > Math.max(prefixLength, head.length) ? { at, prefix: head } : null;
}

function cutByKind(
  { type, map }: Token,
  block: TopBlock,
  raw: string,
  limit: number,
  prefixLength: number,
): Cut | null {
  switch (type) {
    case 'fence':
    case 'math_block':
      return raw.includes('\n') ? cutBehindLine(raw, raw.slice(0, raw.indexOf('\n') + 1), limit, prefixLength) : null;
    case 'table_open':
      return cutBehindLine(raw, `${raw.split('\n', 2).join('\n')}\n`, limit, prefixLength);
    case 'blockquote_open':
      return cutBehindLine(raw, '', limit, prefixLength);
    case 'bullet_list_open':
    case 'ordered_list_open': {
      const lastItem = block.tokens.findLast((token) => token.type === 'list_item_open' && token.level === 1);
      const line = (lastItem?.map?.[0] ?? 0) - (map?.[0] ?? 0);
      const at = lineStarts(raw)[line] ?? 0;
      return at > prefixLength ? { at, prefix: '' } : null;
    }
    default:
      return null;
  }
}

/**
 * Where to cut an open block that has grown too long; null while it can stay in one piece.
 * @param raw the source from the beginning of the block on, what was said again before it included
 */
export function cutOpenBlock(block: TopBlock, raw: string, prefixLength: number): Cut | null {
  const [first] = block.tokens;
  if (!first || raw.length - prefixLength <= longestOpenBlock) return null;
  const limit = prefixLength + longestOpenBlock;
  const cut = cutByKind(first, block, raw, limit, prefixLength);
  if (cut) return cut;
  const atSpace = lastBreak(raw, ' ', limit);
  // Chinese has no spaces; and a cut between the halves of a surrogate pair would show two broken characters.
  const low = raw.charCodeAt(limit);
  const anywhere = low >= 0xdc00 && low <= 0xdfff ? limit - 1 : limit;
  return { at: atSpace > limit - 200 ? atSpace : anywhere, prefix: '' };
}

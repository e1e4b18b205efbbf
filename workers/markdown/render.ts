import type { LinkDefinitions, MarkdownReply, MarkdownRequest, Piece } from '../../src/shared/protocol/markdown';
import { parse, type ParsedText } from './parser';
import { blockPieces } from './pieces';
import { cutOpenBlock, firstOpenBlock, topBlocks, type TopBlock } from './settle';

/** A block before code has its colors and TeX its form, for which large parts may have to be loaded. */
export interface PlainBlock {
  readonly piece: Piece;
  readonly joined: boolean;
}

export interface PlainReply extends Omit<MarkdownReply, 'blocks' | 'math' | 'unfinished'> {
  readonly blocks: readonly PlainBlock[];
}

type References = ParsedText['references'];

const referencesOf = (definitions: LinkDefinitions): References =>
  Object.fromEntries(Object.entries(definitions).map(([name, href]) => [name, { href, title: '' }]));

/** A definition counts once it is settled: one that is still being written is not known yet, its address may grow. */
function definedBy(settled: string, references: References, known: LinkDefinitions): LinkDefinitions {
  if (Object.keys(references).length === Object.keys(known).length) return known;
  const { references: now } = parse(settled, referencesOf(known), true);
  return Object.fromEntries(Object.entries(now).map(([name, { href }]) => [name, href]));
}

function drawn(blocks: readonly TopBlock[], continues: boolean): PlainBlock[] {
  return blocks
    .flatMap(({ tokens }) => blockPieces(tokens))
    .map((piece, index) => ({ piece, joined: continues && index === 0 }));
}

/** How much of a text comes to so many characters when each of its line ends is one. */
function lengthBefore(text: string, characters: number): number {
  let at = 0;
  for (let left = characters; left > 0; left -= 1) at += text.startsWith('\r\n', at) ? 2 : 1;
  return at;
}

/** Renders a text, or the part of it that was not settled before. */
export function render(request: MarkdownRequest): PlainReply {
  const { text } = request;
  if (!text.includes('\r')) return renderUnix(request);
  const reply = renderUnix({ ...request, text: text.replace(/\r\n?/g, '\n') });
  // What is settled is told in the characters of the text that was given.
  return { ...reply, settledLength: lengthBefore(text, reply.settledLength) };
}

/** The same for a text whose lines end as the parser's do. */
function renderUnix(request: MarkdownRequest): PlainReply {
  const { continues, definitions: known } = request;
  const source = request.prefix + request.text;
  const { tokens, references } = parse(source, referencesOf(known), !request.whole);
  const blocks = topBlocks(tokens, source);
  const openIndex = request.whole ? 0 : firstOpenBlock(blocks, source);
  const open = blocks[openIndex];
  const begun = openIndex > 0;
  const prefix = begun ? '' : request.prefix;
  // What was said again belongs to the block that it is the head of; what else lies before the first block does not.
  const openStart = prefix === '' ? (open?.start ?? 0) : 0;

  const settled = drawn(blocks.slice(0, openIndex), continues);
  const stillContinues = continues && settled.length === 0;
  const raw = source.slice(openStart);
  const cut = request.whole || !open ? null : cutOpenBlock(open, raw, prefix.length);
  if (cut === null) {
    const definitions = begun ? definedBy(source.slice(0, openStart), references, known) : known;
    return {
      blocks: [...settled, ...drawn(blocks.slice(openIndex), stillContinues)],
      settledBlocks: settled.length,
      settledLength: begun ? openStart - request.prefix.length : 0,
      prefix,
      continues: stillContinues,
      definitions,
    };
  }

  const definitions = definedBy(source.slice(0, openStart), references, known);
  const piece = raw.slice(0, cut.at);
  const pieces = drawn(topBlocks(parse(piece, referencesOf(definitions), true).tokens, piece), stillContinues);
  const cutAt = openStart + cut.at - request.prefix.length;
  const text = request.text.slice(cutAt);
  const rest = renderUnix({ ...request, text, prefix: cut.prefix, continues: true, definitions });
  const before = [...settled, ...pieces];
  return {
    ...rest,
    blocks: [...before, ...rest.blocks],
    settledBlocks: before.length + rest.settledBlocks,
    settledLength: cutAt + rest.settledLength,
  };
}

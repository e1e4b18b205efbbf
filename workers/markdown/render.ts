import { Lexer, type Token, type Tokens, type TokensList } from 'marked';
import type { LinkDefinitions, MarkdownReply, MarkdownRequest, RenderedBlock } from '../../src/contracts/markdown';
import { blockPieces } from './pieces';
import { cutOpenBlock, firstOpenToken } from './settle';

/** marked makes "\n" of "\r\n"; the lengths that we report must be those of the text we were given. */
const withUnixLines = (text: string): string => text.replaceAll('\r\n', ' \n').replaceAll('\r', '\n');

function lex(source: string, definitions: LinkDefinitions): TokensList {
  const lexer = new Lexer({ gfm: true, breaks: true });
  for (const [name, href] of Object.entries(definitions)) lexer.tokens.links[name] = { href, title: '' };
  return lexer.lex(source) as TokensList;
}

/** The first definition of a name counts. One that is still being written is not known yet: its address may grow. */
function definedBy(tokens: readonly Token[], known: LinkDefinitions): LinkDefinitions {
  const fresh = tokens.filter((token): token is Tokens.Def => token.type === 'def');
  return fresh.length === 0
    ? known
    : { ...Object.fromEntries(fresh.map(({ tag, href }) => [tag, href]).reverse()), ...known };
}

const lengthOf = (tokens: readonly Token[]): number => tokens.reduce((sum, { raw }) => sum + raw.length, 0);

function blocksOf(tokens: readonly Token[], continues: boolean): RenderedBlock[] {
  return blockPieces(tokens).map((piece, index) => ({
    content: JSON.stringify(piece),
    joined: continues && index === 0,
  }));
}

/** Renders a text, or the part of it that was not settled before. */
export function render(request: MarkdownRequest): MarkdownReply {
  const { id, continues } = request;
  const source = request.prefix + withUnixLines(request.text);
  const tokens = lex(source, request.definitions);
  // Where marked has not kept every character, its lengths tell nothing about the text: settle nothing, be slow and right.
  const splits = !request.whole && lengthOf(tokens) === source.length;
  const openIndex = splits ? firstOpenToken(tokens, source) : 0;

  const settled = blocksOf(tokens.slice(0, openIndex), continues);
  const definitions = definedBy(tokens.slice(0, openIndex), request.definitions);
  const begun = openIndex > 0;
  const prefix = begun ? '' : request.prefix;
  const settledLength = begun ? lengthOf(tokens.slice(0, openIndex)) - request.prefix.length : 0;
  const open = tokens[openIndex];
  const cut = splits && open ? cutOpenBlock(open, prefix.length) : null;
  if (cut === null) {
    const stillContinues = continues && settled.length === 0;
    const blocks = [...settled, ...blocksOf(tokens.slice(openIndex), stillContinues)];
    return { id, blocks, settledBlocks: settled.length, settledLength, prefix, continues: stillContinues, definitions };
  }

  const cutAt = settledLength + cut.at - prefix.length;
  const piece = prefix + source.slice(request.prefix.length + settledLength, request.prefix.length + cutAt);
  const pieces = blocksOf(lex(piece, definitions), continues && settled.length === 0);
  const text = source.slice(request.prefix.length + cutAt);
  const rest = render({ ...request, text, prefix: cut.prefix, continues: true, definitions });
  const before = [...settled, ...pieces];
  return {
    ...rest,
    blocks: [...before, ...rest.blocks],
    settledBlocks: before.length + rest.settledBlocks,
    settledLength: cutAt + rest.settledLength,
  };
}

/** One Markdown dialect for everything a model says: CommonMark, GFM, TeX between dollars, footnotes. */
import MarkdownIt, {
  type Env,
  type MarkdownIt as Parser,
  type StateBlock,
  type StateInline,
  type Token,
} from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { autolinkRule } from './autolinks';
import { footnoteDefinition, footnoteReference } from './footnotes';
import { mathBlock } from './math-block';
import { bracketMath, dollarMath } from './math-inline';

/** Deeper than anything a person writes; far below what the stack of a worker or the layout of a browser can take. */
const deepest = 60;

/** Where it is too deep for structure, the words stay; the parser's own limit would swallow them. */
function wordsOnly(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (state.level < deepest) return false;
  if (silent) return true;
  state.line = endLine;
  state.push('paragraph_open', 'p', 1).map = [startLine, endLine];
  const words = state.push('inline', '', 0);
  const text = new state.Token('text', '', 0);
  text.content = state.getLines(startLine, endLine, 0, false);
  words.content = '';
  words.children = [text];
  state.push('paragraph_close', 'p', -1);
  return true;
}

/** GFM strikes with one or two tildes. One is left alone: "3~5" is a range, in Chinese above all; and three are no mark at all. */
function tildes(state: StateInline, silent: boolean): boolean {
  if (state.src.charAt(state.pos) !== '~') return false;
  let end = state.pos;
  while (state.src.charAt(end) === '~') end += 1;
  const length = end - state.pos;
  if (length === 2) return false;
  if (!silent) state.pending += '~'.repeat(length);
  state.pos = end;
  return true;
}

function makeParser(): Parser {
  // Raw HTML is recognized, so that it is shown letter by letter and never read as Markdown.
  const parser = new MarkdownIt({ html: true, maxNesting: 3 * deepest });
  // By the letter of CommonMark, `**优点：**速度` is no emphasis: it asks for a space that these languages do not write.
  cjkFriendly(parser);
  parser.block.ruler.before('table', 'words only', wordsOnly);
  parser.block.ruler.before('fence', 'math', mathBlock, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  parser.block.ruler.before('reference', 'footnote', footnoteDefinition, { alt: ['paragraph', 'reference'] });
  parser.inline.ruler.before('escape', 'math in brackets', bracketMath);
  parser.inline.ruler.before('escape', 'math in dollars', dollarMath);
  parser.inline.ruler.before('strikethrough', 'tildes', tildes);
  parser.inline.ruler.before('link', 'footnote', footnoteReference);
  parser.core.ruler.after('inline', 'autolinks', autolinkRule);
  return parser;
}

const parser = makeParser();

/** The words behind an opening fence, with escapes and entities as the characters they mean. */
export const unescaped = (text: string): string => parser.utils.unescapeAll(text);

export interface ParsedText {
  readonly tokens: readonly Token[];
  /** The definitions of links in it, and those that were known before. */
  readonly references: NonNullable<Env['references']>;
}

/** @param growing more text may follow: what has only been opened may still be closed */
export function parse(source: string, known: NonNullable<Env['references']>, growing: boolean): ParsedText {
  const references = Object.assign(Object.create(null) as NonNullable<Env['references']>, known);
  const tokens = parser.parse(source, { references, growing });
  return { tokens, references };
}

/** Blocks of Markdown as pieces for the page. */
import type { Token } from 'markdown-it';
import type { Piece, PieceElement } from '../../src/shared/protocol/markdown';
import { element, inlinePieces, isLineBreak } from './inline-pieces';
import { nested, type NestedToken } from './nested-tokens';
import { unescaped } from './parser';
import { revealed } from './plain-text';

const languageOf = (info: string): string => /^[\w+#.-]{1,30}/.exec(unescaped(info).trim())?.[0] ?? '';

function orderedList(token: Token, inner: readonly NestedToken[]): PieceElement {
  const start = token.attrGet('start');
  const children = inner.flatMap(blockPiece);
  return { tag: 'ol', children, ...(typeof start === 'number' ? { start } : {}) };
}

/** A cell's alignment comes as a style of the parser's own making. */
function cell({ token, inner }: NestedToken): PieceElement {
  const align = /^text-align:(\w+)$/.exec(String(token.attrGet('style') ?? ''))?.[1];
  return { tag: token.tag, children: inner.flatMap(blockPiece), ...(align === undefined ? {} : { align }) };
}

/** "[ ] to do" at the beginning of an item. */
function listItem(inner: readonly NestedToken[]): PieceElement {
  const children = inner.flatMap(blockPiece);
  const [first] = children;
  const words = typeof first === 'object' && first.tag === 'p' ? (first.children ?? []) : children;
  const mark = typeof words[0] === 'string' ? /^\[([ xX])\][ \t]+(?=\S)/.exec(words[0]) : null;
  if (!mark || typeof words[0] !== 'string') return element('li', children);
  const marked: readonly Piece[] = [
    { tag: 'checkbox', checked: mark[1] !== ' ' },
    words[0].slice(mark[0].length),
    ...words.slice(1),
  ];
  return element('li', words === children ? marked : [element('p', marked), ...children.slice(1)]);
}

function code(token: Token): PieceElement {
  const language = token.type === 'fence' ? languageOf(token.info) : '';
  return { tag: 'pre', children: [token.content.replace(/\n$/, '')], language };
}

function rawHtml(content: string): readonly Piece[] {
  const text = content.trimEnd();
  return [isLineBreak(text) ? { tag: 'br' } : element('raw', revealed(text))];
}

function blockPiece({ token, inner }: NestedToken): readonly Piece[] {
  switch (token.type) {
    case 'hr':
      return [{ tag: 'hr' }];
    case 'heading_open':
      return [{ tag: 'heading', level: Number(token.tag.slice(1)), children: inner.flatMap(blockPiece) }];
    case 'paragraph_open':
      // In a list whose items stand close together.
      return token.hidden ? inner.flatMap(blockPiece) : [element('p', inner.flatMap(blockPiece))];
    case 'inline':
      return inlinePieces(token.children);
    case 'blockquote_open':
      return [element('blockquote', inner.flatMap(blockPiece))];
    case 'bullet_list_open':
      return [element('ul', inner.flatMap(blockPiece))];
    case 'ordered_list_open':
      return [orderedList(token, inner)];
    case 'list_item_open':
      return [listItem(inner)];
    case 'fence':
    case 'code_block':
      return [code(token)];
    case 'html_block':
      return rawHtml(token.content);
    case 'math_block':
      return token.meta?.['closed'] === true
        ? [{ tag: 'math', display: true, children: [token.content] }]
        : [element('math-source', revealed(`${token.markup}\n${token.content}`))];
    case 'footnote_open':
      return [element('footnote', [element('footnote-name', revealed(token.info)), ...inner.flatMap(blockPiece)])];
    case 'th_open':
    case 'td_open':
      return [cell({ token, inner })];
    case 'table_open':
    case 'thead_open':
    case 'tbody_open':
    case 'tr_open':
      return [element(token.tag, inner.flatMap(blockPiece))];
    default:
      return [];
  }
}

/** A block on the page for each block of Markdown. */
export const blockPieces = (tokens: readonly Token[]): readonly Piece[] => nested(tokens).flatMap(blockPiece);

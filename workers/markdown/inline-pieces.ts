/** What stands inside of a line: raw HTML is text, an image is its address. */
import type { Token } from 'markdown-it';
import type { Piece, PieceElement } from '../../src/shared/protocol/markdown';
import { nested, type NestedToken } from './nested-tokens';
import { revealed, revealedDeep } from './plain-text';

export const element = (tag: string, children: readonly Piece[]): PieceElement => ({ tag, children });

/** What models use for what Markdown has no word for. Bare tags only: with an attribute they are text like all others. */
const htmlTags: Readonly<Record<string, string>> = {
  sub: 'sub',
  sup: 'sup',
  kbd: 'kbd',
  mark: 'mark',
  u: 'u',
  b: 'strong',
  strong: 'strong',
  i: 'em',
  em: 'em',
  s: 'del',
  del: 'del',
};

const textOf = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => {
      if (token.children) return textOf(token.children);
      return token.type.endsWith('break') ? ' ' : token.content;
    })
    .join('');

function image(token: Token): Piece {
  const href = String(token.attrGet('src') ?? '');
  return { tag: 'image', href, children: revealed(textOf(token.children ?? [])) };
}

export const isLineBreak = (html: string): boolean => /^<br\s*\/?>$/i.test(html.trim());

function leafPieces({ token, inner }: NestedToken): readonly Piece[] {
  switch (token.type) {
    case 'strong_open':
    case 'em_open':
      return [element(token.tag, piecesOf(inner))];
    case 's_open':
      return [element('del', piecesOf(inner))];
    case 'link_open':
      return [{ tag: 'a', href: String(token.attrGet('href') ?? ''), children: revealedDeep(piecesOf(inner)) }];
    case 'code_inline':
      return [element('code', revealed(token.content))];
    case 'softbreak':
    case 'hardbreak':
      return [{ tag: token.type === 'softbreak' ? 'softbreak' : 'br' }];
    case 'html_inline':
      return isLineBreak(token.content) ? [{ tag: 'br' }] : [token.content];
    case 'image':
      return [image(token)];
    case 'math':
      return [{ tag: 'math', display: token.meta?.['display'] === true, children: [token.content] }];
    case 'footnote_reference':
      return [element('footnote-reference', revealed(token.content))];
    default:
      return token.content === '' ? [] : [token.content];
  }
}

/** "<sub>" and its like, up to its closing tag among its neighbours. */
function htmlElement(
  tokens: readonly NestedToken[],
  at: number,
): { readonly piece: Piece; readonly next: number } | null {
  const name =
    /^<([a-z]{1,6})>$/.exec(tokens[at]?.token.type === 'html_inline' ? tokens[at].token.content : '')?.[1] ?? '';
  const tag = Object.hasOwn(htmlTags, name) ? htmlTags[name] : undefined;
  if (tag === undefined) return null;
  const end = tokens.findIndex(
    ({ token }, index) => index > at && token.type === 'html_inline' && token.content === `</${name}>`,
  );
  return end === -1 ? null : { piece: element(tag, piecesOf(tokens.slice(at + 1, end))), next: end + 1 };
}

function piecesOf(tokens: readonly NestedToken[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < tokens.length;) {
    const html = htmlElement(tokens, at);
    const token = tokens[at];
    if (html) {
      pieces.push(html.piece);
      at = html.next;
    } else {
      if (token) pieces.push(...leafPieces(token));
      at += 1;
    }
  }
  return pieces;
}

export const inlinePieces = (tokens: readonly Token[] | null): readonly Piece[] => piecesOf(nested(tokens ?? []));

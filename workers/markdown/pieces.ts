/** One Markdown dialect for everything a model says: GFM; raw HTML is text; an image is its address. */
import type { MarkedToken, Token, Tokens } from 'marked';
import type { Piece, PieceElement } from '../../src/contracts/markdown';
import { decodeEntities, revealed } from './plain-text';

const element = (tag: string, children: readonly Piece[]): PieceElement => ({ tag, children });

/** Models begin with any level and skip others; one level below the page's own title, and how much it weighs, is all we take. */
const headingTag = (depth: number): string => (depth <= 2 ? 'heading' : 'subheading');

const languageOf = (info: string | undefined): string => /^[\w+#.-]{1,30}/.exec(info?.trim() ?? '')?.[0] ?? '';

/** Inside of links, invisible characters are shown: the words of a link pose as its address. */
const revealedDeep = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.flatMap((piece) =>
    typeof piece === 'string' ? revealed(piece) : [{ ...piece, children: revealedDeep(piece.children ?? []) }],
  );

const image = ({ href, text }: Tokens.Image): Piece =>
  element('image', [...(text === '' ? [] : [`${decodeEntities(text)} `]), element('code', revealed(href))]);

function rawHtml(text: string): readonly Piece[] {
  // The one tag that models use for what Markdown has no word for, above all in tables.
  if (/^<br\s*\/?>$/i.test(text.trim())) return [{ tag: 'br' }];
  return [text];
}

function inlinePiece(token: MarkedToken): readonly Piece[] {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [element(token.type, inlinePieces(token.tokens))];
    case 'codespan':
      return [element('code', revealed(token.text))];
    case 'br':
      return [{ tag: 'br' }];
    case 'link': {
      const children = token.autolink ? [token.text] : inlinePieces(token.tokens);
      return [{ tag: 'a', href: decodeEntities(token.href), children: revealedDeep(children) }];
    }
    case 'image':
      return [image(token)];
    case 'html':
      return rawHtml(token.text);
    case 'checkbox':
      return [token.checked ? '☑ ' : '☐ '];
    case 'escape':
      return [token.text];
    case 'text':
      return token.tokens ? inlinePieces(token.tokens) : [decodeEntities(token.text)];
    default:
      return [token.raw];
  }
}

const inlinePieces = (tokens: readonly Token[]): readonly Piece[] =>
  tokens.flatMap((token) => inlinePiece(token as MarkedToken));

function listPiece({ ordered, start, items }: Tokens.List): PieceElement {
  const children = items.map((item) => element('li', blockPieces(item.tokens)));
  if (!ordered) return element('ul', children);
  return { tag: 'ol', children, ...(typeof start === 'number' && start !== 1 ? { start } : {}) };
}

function tablePiece({ header, rows }: Tokens.Table): PieceElement {
  const row = (cells: readonly Tokens.TableCell[], tag: string): PieceElement =>
    element(
      'tr',
      cells.map(({ tokens, align }) => ({ tag, children: inlinePieces(tokens), ...(align ? { align } : {}) })),
    );
  const body =
    rows.length === 0
      ? []
      : [
          element(
            'tbody',
            rows.map((cells) => row(cells, 'td')),
          ),
        ];
  return element('table', [element('thead', [row(header, 'th')]), ...body]);
}

function blockPiece(token: MarkedToken): readonly Piece[] {
  switch (token.type) {
    case 'space':
    case 'def':
      return [];
    case 'hr':
      return [{ tag: 'hr' }];
    case 'heading':
      return [element(headingTag(token.depth), inlinePieces(token.tokens))];
    case 'paragraph':
      return [element('p', inlinePieces(token.tokens))];
    case 'blockquote':
      return [element('blockquote', blockPieces(token.tokens))];
    case 'list':
      return [listPiece(token)];
    case 'table':
      return [tablePiece(token)];
    case 'code':
      return [{ tag: 'pre', children: revealed(token.text), language: languageOf(token.lang) }];
    case 'html':
      return [element('p', rawHtml(token.text.trimEnd()))];
    default:
      return inlinePiece(token);
  }
}

/** A block on the page for each block of Markdown. */
export const blockPieces = (tokens: readonly Token[]): readonly Piece[] =>
  tokens.flatMap((token) => blockPiece(token as MarkedToken));

/**
 * The one door through which a model's words become elements.
 *
 * They never are HTML: the worker tells what a text consists of, and this file makes it, from the few tags it knows. So there
 * is nothing to sanitise, and no parser that could be led astray. The worker is not trusted to name a tag or an address.
 */
import type { Piece, PieceElement } from '../contracts/markdown';
import { m } from '../text/paraglide/messages.js';
import { safeAddress } from './address';

const plainTags = new Set('p br hr h3 h4 h5 h6 strong em del code blockquote ul ol li thead tbody tr th td'.split(' '));

function make(tag: string, className?: string): HTMLElement {
  const element = document.createElement(tag);
  if (className !== undefined) element.className = className;
  return element;
}

function fill(element: HTMLElement, { children = [] }: PieceElement): HTMLElement {
  element.append(...children.map(elementFrom));
  return element;
}

function link(piece: PieceElement): HTMLElement {
  const address = safeAddress(piece.href ?? '');
  if (address === null) return fill(make('span'), piece);
  const anchor = document.createElement('a');
  anchor.href = address.href;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer nofollow ugc';
  // Where the link really leads, whatever it says: shown on hover, and by the style sheet on focus.
  anchor.title = address.protocol === 'mailto:' ? address.pathname : address.host;
  return fill(anchor, piece);
}

/** Code, with its language and a button to copy it. */
function codeBlock(piece: PieceElement): HTMLElement {
  const head = make('div', 'code-head');
  const language = make('span');
  language.textContent = piece.language ?? '';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = m.copy_code();
  button.dataset['copyCode'] = '';
  head.append(language, button);
  const pre = make('pre');
  pre.tabIndex = 0;
  pre.append(fill(make('code'), piece));
  const block = make('div', 'code-block');
  block.append(head, pre);
  return block;
}

/** A table scrolls in a frame of its own, by keyboard too. */
function table(piece: PieceElement): HTMLElement {
  const frame = make('div', 'table-frame');
  frame.tabIndex = 0;
  frame.append(fill(make('table'), piece));
  return frame;
}

function plain(piece: PieceElement): HTMLElement {
  const element = make(piece.tag);
  if (piece.align === 'right' || piece.align === 'center') element.classList.add(piece.align);
  if (element instanceof HTMLOListElement && Number.isSafeInteger(piece.start)) element.start = piece.start ?? 1;
  return fill(element, piece);
}

/** The node that a piece describes. */
export function elementFrom(piece: Piece): Node {
  if (typeof piece === 'string') return document.createTextNode(piece);
  if (plainTags.has(piece.tag)) return plain(piece);
  switch (piece.tag) {
    case 'a':
      return link(piece);
    case 'pre':
      return codeBlock(piece);
    case 'table':
      return table(piece);
    case 'image':
      return fill(make('span', 'image-placeholder'), piece);
    case 'control':
      return fill(make('span', 'control-character'), piece);
    default:
      return fill(make('span'), piece);
  }
}

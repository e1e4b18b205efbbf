/**
 * The one door through which a model's words become elements.
 *
 * They never are HTML: the worker tells what a text consists of, and this file makes it, from the few tags it knows. So there
 * is nothing to sanitise, and no parser that could be led astray. The worker is not trusted to name a tag or an address.
 */
import type { Piece, PieceElement } from '../../shared/protocol/markdown';
import { m } from '../../text/paraglide/messages.js';
import { safeAddress } from './address';
import type { DrawableCode } from './copy-code';
import { imagePlaceholder } from './image-placeholder';
import { mathElement } from './math-elements';

const plainTags = new Set(
  'p br hr strong em del sub sup kbd mark u code blockquote ul ol li thead tbody tr th td'.split(' '),
);

/** What a piece is called here that has another name, or none, in HTML. */
const spans: Readonly<Record<string, string>> = {
  control: 'control-character',
  'math-source': 'math-source',
};

function make(tag: string, className?: string): HTMLElement {
  const element = document.createElement(tag);
  if (className !== undefined) element.className = className;
  return element;
}

/** Deeper than anything a person writes; far below what a browser's layout can take. */
export const deepest = 60;

/** The words of a piece without its elements. */
function wordsOf(piece: Piece): string {
  const words: string[] = [];
  const rest: Piece[] = [piece];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') words.push(next);
    else rest.push(...(next.children ?? []).toReversed());
  }
  return words.join('');
}

function fill<T extends Element>(element: T, piece: PieceElement, depth: number): T {
  if (depth > deepest) element.append(wordsOf(piece));
  else element.append(...(piece.children ?? []).map((child) => elementFrom(child, depth + 1)));
  return element;
}

function link(piece: PieceElement, depth: number): HTMLElement {
  const address = safeAddress(piece.href ?? '');
  if (address === null) return fill(make('span'), piece, depth);
  const anchor = document.createElement('a');
  anchor.href = address.href;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer nofollow ugc';
  // Where the link really leads, whatever it says: shown on hover, and by the style sheet on focus.
  anchor.title = address.protocol === 'mailto:' ? address.pathname : address.host;
  return fill(anchor, piece, depth);
}

/** As what code in this language can be drawn; null for all others. */
function drawableKind(language = ''): DrawableCode['kind'] | null {
  if (/^mermaid$/i.test(language)) return 'diagram';
  return /^(?:html|xhtml|svg)$/i.test(language) ? 'document' : null;
}

function previewButton(kind: DrawableCode['kind']): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = m.preview();
  button.dataset['previewCode'] = kind;
  return button;
}

/** Code, with its language and a button to copy it. */
function codeBlock(piece: PieceElement, depth: number): HTMLElement {
  const head = make('div', 'code-head');
  const language = make('span');
  language.textContent = piece.language ?? '';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = m.copy_code();
  button.dataset['copyCode'] = '';
  const kind = drawableKind(piece.language);
  head.append(language, ...(kind === null ? [] : [previewButton(kind)]), button);
  const pre = make('pre');
  pre.tabIndex = 0;
  pre.append(fill(make('code'), piece, depth));
  const block = make('div', 'code-block');
  block.append(head, pre);
  return block;
}

/** A table scrolls in a frame of its own, by keyboard too. */
function table(piece: PieceElement, depth: number): HTMLElement {
  const frame = make('div', 'table-frame');
  frame.tabIndex = 0;
  frame.append(fill(make('table'), piece, depth));
  return frame;
}

function plain(piece: PieceElement, depth: number): HTMLElement {
  const element = make(piece.tag);
  if (piece.align === 'right' || piece.align === 'center') element.classList.add(piece.align);
  if (element instanceof HTMLOListElement && Number.isSafeInteger(piece.start)) element.start = piece.start ?? 1;
  return fill(element, piece, depth);
}

/** All headings are of one rank for those who hear them: models begin with any, and skip others. */
function heading(piece: PieceElement, depth: number): HTMLElement {
  const level = piece.level ?? 1;
  return fill(make('h2', level <= 2 ? 'major' : level === 3 ? 'medium' : 'minor'), piece, depth);
}

function checkbox({ checked }: PieceElement): HTMLElement {
  const box = make('span', 'task');
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', checked ? m.md_task_done() : m.md_task_open());
  box.textContent = checked ? '☑' : '☐';
  return box;
}

/** What highlight.js tells of a word of code: "title.function" and its like. */
function codeToken(piece: PieceElement, depth: number): HTMLElement {
  const scope = /^[a-z]+(?:[._-][a-z]+)*$/.test(piece.language ?? '') ? (piece.language ?? '') : '';
  return fill(make('span', scope === '' ? undefined : `hl-${scope.replaceAll('.', ' hl-')}`), piece, depth);
}

/** A formula scrolls by itself where it is wider than the page. */
function math(piece: PieceElement, depth: number): HTMLElement {
  const frame = make('span', piece.display ? 'math display' : 'math');
  if (piece.display) frame.tabIndex = 0;
  return fill(frame, piece, depth);
}

/** The node that a piece describes: one for each, so that a piece that has grown can be found again. */
export function elementFrom(piece: Piece, depth = 0): Node {
  if (typeof piece === 'string') return document.createTextNode(piece);
  const { tag } = piece;
  if (plainTags.has(tag)) return plain(piece, depth);
  if (/^(?:tex|svg|math):/.test(tag)) return fill(mathElement(piece), piece, depth);
  switch (tag) {
    case 'a':
      return link(piece, depth);
    case 'pre':
      return codeBlock(piece, depth);
    case 'table':
      return table(piece, depth);
    case 'heading':
      return heading(piece, depth);
    case 'softbreak':
      return make('br');
    case 'image':
      return imagePlaceholder(piece.href ?? '', wordsOf(piece));
    case 'checkbox':
      return checkbox(piece);
    case 'token':
      return codeToken(piece, depth);
    case 'math':
      return math(piece, depth);
    case 'raw':
      return fill(make('p', 'raw'), piece, depth);
    case 'footnote':
      return fill(make('p', 'footnote'), piece, depth);
    case 'footnote-name':
    case 'footnote-reference':
      return fill(make('sup', tag), piece, depth);
    default:
      return fill(make('span', Object.hasOwn(spans, tag) ? spans[tag] : undefined), piece, depth);
  }
}

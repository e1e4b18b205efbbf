/**
 * A block that grows keeps what it had: only what is new is drawn. So the work for a token stays small, and words that a person
 * has selected stay selected.
 */
import type { Piece, PieceElement } from '../../shared/protocol/markdown';
import { deepest, elementFrom } from './markdown-elements';

function sameFields(a: PieceElement, b: PieceElement): boolean {
  const fields = (piece: PieceElement): string => JSON.stringify({ ...piece, children: undefined });
  return a.tag === b.tag && fields(a) === fields(b);
}

function equal(a: Piece | undefined, b: Piece | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || typeof a === 'string' || typeof b === 'string') return false;
  const [inA, inB] = [a.children ?? [], b.children ?? []];
  return inA.length === inB.length && sameFields(a, b) && inA.every((child, index) => equal(child, inB[index]));
}

/** The element whose child nodes are a piece's children, one for one; null where they are not. */
function holderOf(node: Node | undefined, piece: PieceElement): Element | null {
  if (!(node instanceof HTMLElement)) return null;
  switch (piece.tag) {
    case 'pre':
      return node.querySelector('pre > code');
    case 'table':
      return node.firstElementChild;
    case 'math':
    case 'image':
    case 'checkbox':
      return null;
    default:
      return node;
  }
}

function redrawChildren(holder: Element, before: readonly Piece[], after: readonly Piece[], depth: number): void {
  let same = 0;
  while (same < after.length && same < before.length && equal(before[same], after[same])) same += 1;
  const [grownFrom, grownTo, node] = [before[same], after[same], holder.childNodes[same]];
  if (grownFrom !== undefined && grownTo !== undefined && redrawNode(node, grownFrom, grownTo, depth + 1)) same += 1;
  while (holder.childNodes.length > same) holder.lastChild?.remove();
  holder.append(...after.slice(same).map((child) => elementFrom(child, depth + 1)));
}

/** @returns false, having done nothing, where the node cannot become what it should */
function redrawNode(node: Node | undefined, before: Piece, after: Piece, depth: number): boolean {
  if (typeof before === 'string' || typeof after === 'string') {
    if (!(node instanceof Text) || typeof before !== typeof after) return false;
    // Appending keeps a selection in it; setting it anew does not.
    if (String(after).startsWith(node.data)) node.appendData(String(after).slice(node.data.length));
    else node.data = String(after);
    return true;
  }
  const holder = depth < deepest && sameFields(before, after) ? holderOf(node, after) : null;
  if (!holder) return false;
  redrawChildren(holder, before.children ?? [], after.children ?? [], depth);
  return true;
}

/** Makes the only child of `block`, which was drawn from `before`, into what `after` describes. */
export function redraw(block: HTMLElement, before: Piece | null, after: Piece): void {
  if (before !== null && redrawNode(block.firstChild ?? undefined, before, after, 0)) return;
  block.replaceChildren(elementFrom(after));
}

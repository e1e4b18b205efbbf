/** TeX as pieces. Loaded when the first formula is met. */
import katex from 'katex';
import type { Piece } from '../../src/shared/protocol/markdown';
import { PieceDocument, PieceNode } from './piece-document';

/** Longer than a page of formulas; with more, a text of a few characters could keep the worker busy for seconds. */
const longest = 5000;

const options = {
  throwOnError: true,
  // Chinese in \text{} is no mistake, and nobody reads a worker's console.
  strict: 'ignore',
  // No links, no images, no styles and classes of the text's own.
  trust: false,
  maxExpand: 500,
  // In em. A model must not push the rest of the page away with \rule.
  maxSize: 30,
} as const;

/** The formula, for the eye and as MathML for the ear; null where it cannot be understood. */
export function typeset(tex: string, display: boolean): readonly Piece[] | null {
  if (tex.length > longest) return null;
  const scope = globalThis as { document?: unknown };
  const before = scope.document;
  const target = new PieceNode('');
  // KaTeX draws into a document. A worker has none; this one is made of pieces.
  scope.document = new PieceDocument();
  try {
    katex.render(tex, target as unknown as HTMLElement, { ...options, displayMode: display });
    return target.children.map((child) => child.piece());
  } catch {
    return null;
  } finally {
    scope.document = before;
  }
}

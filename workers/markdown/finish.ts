/** The last step: code gets its colors, TeX its form, and invisible characters in code are shown. */
import type { MarkdownReply, Piece, PieceElement } from '../../src/shared/protocol/markdown';
import { revealed, revealedDeep } from './plain-text';
import type { PlainBlock, PlainReply } from './render';

/** Parts that are loaded when a text first needs them; without one, code and TeX are shown as they are written. */
export interface Finishers {
  /** Null for a language that is not known. */
  readonly highlight?: ((code: string, language: string) => readonly Piece[] | null) | undefined;
  /** Null for TeX that cannot be understood. */
  readonly typeset?: ((tex: string, display: boolean) => readonly Piece[] | null) | undefined;
}

const sourceOf = ({ children = [] }: PieceElement): string =>
  children.filter((child) => typeof child === 'string').join('');

function finishedMath(piece: PieceElement, { typeset }: Finishers): PieceElement {
  const source = sourceOf(piece);
  const typesetPieces = typeset?.(source, piece.display === true) ?? null;
  return typesetPieces === null
    ? { tag: 'math-source', children: revealed(source), display: piece.display === true }
    : { ...piece, children: typesetPieces };
}

function finishedCode(piece: PieceElement, { highlight }: Finishers): PieceElement {
  const source = sourceOf(piece);
  const colored = piece.language ? (highlight?.(source, piece.language) ?? null) : null;
  return { ...piece, children: colored === null ? revealed(source) : revealedDeep(colored) };
}

function finished(piece: Piece, finishers: Finishers): Piece {
  if (typeof piece === 'string' || !piece.children) return piece;
  if (piece.tag === 'math') return finishedMath(piece, finishers);
  if (piece.tag === 'pre') return finishedCode(piece, finishers);
  return { ...piece, children: piece.children.map((child) => finished(child, finishers)) };
}

const has = (piece: Piece, test: (element: PieceElement) => boolean): boolean =>
  typeof piece !== 'string' && (test(piece) || (piece.children ?? []).some((child) => has(child, test)));

/** Which of the finishers a text has work for. */
export const workFor = (blocks: readonly PlainBlock[]): Readonly<Record<keyof Finishers, boolean>> => ({
  highlight: blocks.some(({ piece }) => has(piece, ({ tag, language }) => tag === 'pre' && !!language)),
  typeset: blocks.some(({ piece }) => has(piece, ({ tag }) => tag === 'math')),
});

/** @param unfinished a finisher that the text has work for is still on its way */
export function finish(reply: PlainReply, finishers: Finishers, unfinished = false): MarkdownReply {
  const blocks = reply.blocks.map(({ piece, joined }) => ({ piece: finished(piece, finishers), joined }));
  const math = blocks.some(({ piece }) => has(piece, ({ tag }) => tag === 'math'));
  return {
    ...reply,
    blocks: blocks.map(({ piece, joined }) => ({ content: JSON.stringify(piece), joined })),
    math,
    unfinished,
  };
}

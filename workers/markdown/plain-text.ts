/** What reads as something else than it is. */
import type { Piece } from '../../src/shared/protocol/markdown';

// Directional overrides and characters without width: with them an address or a line of code can read as something it is not.
const control = /([\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}])/u;

/** Text in which invisible characters are made visible. */
export function revealed(text: string): readonly Piece[] {
  if (!control.test(text)) return text === '' ? [] : [text];
  return text
    .split(control)
    .filter((part) => part !== '')
    .map((part) => {
      if (!control.test(part)) return part;
      const code = (part.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return { tag: 'control', children: [`U+${code}`] };
    });
}

/** The same for pieces: the words of a link pose as its address. */
export const revealedDeep = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.flatMap((piece) =>
    typeof piece === 'string' ? revealed(piece) : [{ ...piece, children: revealedDeep(piece.children ?? []) }],
  );

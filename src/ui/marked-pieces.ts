export interface MarkedPiece {
  readonly text: string;
  readonly marked: boolean;
}

/** A text, cut where marks begin and end. @param marks as UTF-16 offsets; those that overlap become one */
export function markedPieces(
  text: string,
  marks: readonly (readonly [start: number, end: number])[],
): readonly MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let at = 0;
  const put = (to: number, marked: boolean): void => {
    if (to > at) pieces.push({ text: text.slice(at, to), marked });
    at = Math.max(at, to);
  };
  for (const [start, end] of marks.toSorted(([a], [b]) => a - b)) {
    put(Math.min(start, text.length), false);
    put(Math.min(end, text.length), true);
  }
  put(text.length, false);
  return pieces;
}

/** Sets of bytes of a file, as ranges that neither touch nor overlap, in order. */

export interface Range {
  readonly start: number;
  /** The first byte that is no longer part of it. */
  readonly end: number;
}

export function union(...sets: readonly (readonly Range[])[]): Range[] {
  const sorted = sets
    .flat()
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last && range.start <= last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else merged.push(range);
  }
  return merged;
}

export const lengthOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, { start, end }) => sum + end - start, 0);

/** How many bytes two sets have in common. Both as `union` returns them. */
export const overlap = (one: readonly Range[], other: readonly Range[]): number =>
  lengthOf(one) + lengthOf(other) - lengthOf(union(one, other));

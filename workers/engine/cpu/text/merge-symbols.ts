/**
 * Merges neighbors, the best pair first, until no pair has a rank: the heart of both kinds of tokenizer. A heap of the pairs
 * makes a word of n symbols cost n log n steps; searching all pairs for each merge would take minutes for a word of 100,000 letters.
 */

/** A row of symbols by their index. A symbol that was merged into the one before it is gone. */
export interface SymbolRow {
  readonly length: number;
  /** The rank of a pair of neighbors, small ones first; -1 where they do not merge. Below 2²⁰. */
  rankOf(left: number, right: number): number;
  /** Makes the left symbol stand for both. */
  join(left: number, right: number): void;
}

/** How many pairs are looked at, or merged, between two chances to stop. */
const mergesPerStep = 4096;
/** Ranks and places share a number: rank × 2³² + place. */
const placeRange = 2 ** 32;

/** @returns the indexes of the symbols that are left, in order; yields where it may be stopped */
export function* mergeSymbols(row: SymbolRow): Generator<void, number[]> {
  const next = new Int32Array(row.length);
  const before = new Int32Array(row.length);
  for (let index = 0; index < row.length; index += 1) {
    next[index] = index + 1 < row.length ? index + 1 : -1;
    before[index] = index - 1;
  }
  const gone = new Uint8Array(row.length);
  const heap = new NumberHeap();
  const offer = (left: number, right: number): void => {
    if (left < 0 || right < 0) return;
    const rank = row.rankOf(left, right);
    if (rank >= 0) heap.push(rank * placeRange + left);
  };
  for (let index = 1; index < row.length; index += 1) {
    offer(index - 1, index);
    if (index % mergesPerStep === 0) yield;
  }
  let merges = 0;
  for (let key = heap.pop(); key !== undefined; key = heap.pop()) {
    const left = key % placeRange;
    const right = next[left] ?? -1;
    // Outdated: since it was offered, one of the two has become another symbol.
    if (gone[left] === 1 || right < 0 || row.rankOf(left, right) !== Math.floor(key / placeRange)) continue;
    row.join(left, right);
    gone[right] = 1;
    const after = next[right] ?? -1;
    next[left] = after;
    if (after >= 0) before[after] = left;
    offer(before[left] ?? -1, left);
    offer(left, after);
    merges += 1;
    if (merges % mergesPerStep === 0) yield;
  }
  const left: number[] = [];
  for (let index = 0; index >= 0 && index < row.length; index = next[index] ?? -1) left.push(index);
  return left;
}

/** The smallest number first. */
class NumberHeap {
  readonly #items: number[] = [];

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] ?? 0;
      if (above <= item) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (items[child + 1] ?? 0) < (items[child] ?? 0)) child += 1;
      const below = items[child] ?? 0;
      if (below >= last) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
    return first;
  }
}

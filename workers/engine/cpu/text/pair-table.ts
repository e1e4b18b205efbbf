/**
 * Which two tokens make which, and in what order: an open-addressed hash table of numbers. A Map of 150,000 merges would take
 * several times the memory, and the texts of the merges would stay with it.
 */
export class PairTable {
  /** Left, right and rank + 1 of each slot; 0 for an empty one. */
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #made: Int32Array;

  /** @param pairs for how many it has to have room */
  constructor(pairs: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(8, pairs * 2)));
    this.#slots = new Int32Array(slots * 3);
    this.#mask = slots - 1;
    this.#made = new Int32Array(pairs);
  }

  /** The first rank that a pair gets is its rank. */
  add(left: number, right: number, rank: number, made: number): void {
    const at = this.#find(left, right);
    if (this.#slots[at + 2] !== 0) return;
    this.#slots[at] = left;
    this.#slots[at + 1] = right;
    this.#slots[at + 2] = rank + 1;
    this.#made[rank] = made;
  }

  /** -1 for a pair that makes nothing. */
  rankOf(left: number, right: number): number {
    return (this.#slots[this.#find(left, right) + 2] ?? 0) - 1;
  }

  /** What the pair of this rank makes. */
  made(rank: number): number {
    return this.#made[rank] ?? 0;
  }

  #find(left: number, right: number): number {
    let hash = Math.imul(left, 0x9e3779b1) + right;
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 16)) & this.#mask;
    for (;;) {
      const at = slot * 3;
      if (this.#slots[at + 2] === 0 || (this.#slots[at] === left && this.#slots[at + 1] === right)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }
}

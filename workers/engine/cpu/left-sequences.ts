import { type Checkpoint, lastUntil } from './checkpoints';

/** Keys and values of conversations that were left, within a budget: whoever comes back need not read everything again. */

export interface LeftSequence {
  readonly tokens: readonly number[];
  /** Of all its tokens (cache-regions.ts). */
  readonly cache: Uint8Array<ArrayBuffer>;
  /** Where it can be taken up, by position, the last one behind all tokens; absent where that is everywhere. */
  readonly checkpoints?: readonly Checkpoint[];
}

const bytesOf = ({ cache, checkpoints = [] }: LeftSequence): number =>
  checkpoints.reduce((sum, { state }) => sum + state.length, cache.length);

/** How many tokens two sequences have in common, from the first on. */
export function commonLength(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length += 1;
  return length;
}

export class LeftSequences {
  /** The one that was left last is the last. */
  #left: LeftSequence[] = [];

  constructor(private readonly mostBytes: number) {}

  get bytes(): number {
    return this.#left.reduce((sum, sequence) => sum + bytesOf(sequence), 0);
  }

  /** Whether there would be room for so many bytes at all. */
  takes(bytes: number): boolean {
    return bytes <= this.mostBytes;
  }

  /** Those that were left longest ago make room. */
  keep(sequence: LeftSequence): void {
    if (!this.takes(bytesOf(sequence))) return;
    const { tokens } = sequence;
    // What is the beginning of another one needs no place of its own.
    this.#left = this.#left.filter((other) => commonLength(other.tokens, tokens) < other.tokens.length);
    this.#left.push(sequence);
    while (this.bytes > this.mostBytes) this.#left.shift();
  }

  /** The one that most of these tokens need not be read again with; null where there is none. */
  closest(tokens: readonly number[]): { readonly sequence: LeftSequence; readonly common: number } | null {
    let best: { readonly sequence: LeftSequence; readonly common: number } | null = null;
    for (const sequence of this.#left) {
      const same = commonLength(sequence.tokens, tokens);
      const { checkpoints } = sequence;
      // The last token of a prompt is evaluated again.
      const common = checkpoints ? (lastUntil(checkpoints, Math.min(same, tokens.length - 1))?.position ?? 0) : same;
      if (common > (best?.common ?? 0)) best = { sequence, common };
    }
    return best;
  }

  forget(): void {
    this.#left = [];
  }
}

/**
 * What a model with layers of linear attention remembered at some places of a sequence. Keys and values are cut back by forgetting the
 * last of them; a state that has read on holds no earlier one. So copies of it are kept where somebody may come back to.
 */
export interface Checkpoint {
  /** Tokens that it comes from. */
  readonly position: number;
  readonly state: Uint8Array<ArrayBuffer>;
}

/** The end of this prompt, to answer anew or to go on without what was thought; and of the one before, to ask otherwise. */
const mostCheckpoints = 2;

/** The last of them that is not behind `limit`. */
export const lastUntil = (checkpoints: readonly Checkpoint[], limit: number): Checkpoint | undefined =>
  checkpoints.findLast(({ position }) => position <= limit);

export class Checkpoints {
  /** By position. */
  #all: readonly Checkpoint[] = [];

  get all(): readonly Checkpoint[] {
    return this.#all;
  }

  /** Those that were kept before make room. */
  keep(position: number, copy: () => Uint8Array<ArrayBuffer>): void {
    if (this.#all.some((known) => known.position === position)) return;
    try {
      this.#all = [...this.#all.slice(1 - mostCheckpoints), { position, state: copy() }];
    } catch (error) {
      // No memory for a copy: then the text is read again.
      if (!(error instanceof RangeError)) throw error;
      this.#all = [];
    }
  }

  /** Forgets what comes from more than the first `length` tokens. */
  cut(length: number): void {
    this.#all = this.#all.filter(({ position }) => position <= length);
  }

  replace(all: readonly Checkpoint[]): void {
    this.#all = all;
  }
}

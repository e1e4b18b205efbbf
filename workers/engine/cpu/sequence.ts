/** The tokens whose keys and values lie in the cache of a model, and how they become more. */
import type { Breath } from './breath';
import { type CpuModel, largestPass } from './cpu-model';

/** The part of the model that a sequence needs. */
type Evaluator = Pick<CpuModel, 'evaluate' | 'logits'>;

/** One layer is done with a pass before anything is heard, so this is how long a stop may take, in ms. */
const longestSliceMs = 20;
const firstPass = 16;

export interface ExtendOptions {
  readonly signal: AbortSignal;
  /** Of how many of the last tokens the logits are wanted; 1 when absent. */
  readonly logitCount?: number;
  /** Told after each pass, with the tokens that are done of those that were given. */
  readonly progress?: (done: number) => void;
}

export class Sequence {
  readonly #tokens: number[] = [];
  /** Tokens of the next pass of a prompt: as many as this device can take between two breaths. */
  #passTokens = firstPass;

  constructor(
    private readonly model: Evaluator,
    private readonly breath: Breath,
  ) {}

  get tokens(): readonly number[] {
    return this.#tokens;
  }

  get length(): number {
    return this.#tokens.length;
  }

  /** Keeps the first `length` tokens. The others are overwritten when something takes their place. */
  cut(length: number): void {
    this.#tokens.length = Math.min(length, this.#tokens.length);
  }

  /** How many of these tokens are in the cache already, from the first on. */
  commonLength(tokens: readonly number[]): number {
    const end = Math.min(tokens.length, this.#tokens.length);
    let length = 0;
    while (length < end && tokens[length] === this.#tokens[length]) length += 1;
    return length;
  }

  /**
   * Evaluates tokens that follow; logits of the last of them are then the model's.
   * @returns false when the signal stopped it: what was done until then stays
   */
  async extend(tokens: readonly number[], { signal, logitCount = 1, progress }: ExtendOptions): Promise<boolean> {
    for (let done = 0; done < tokens.length;) {
      const rest = tokens.length - done;
      // The last pass has to hold all tokens whose logits are wanted.
      const count =
        rest <= this.#passTokens || rest <= logitCount ? rest : Math.min(this.#passTokens, rest - logitCount);
      const part = tokens.slice(done, done + Math.min(count, largestPass));
      const isLast = done + part.length === tokens.length;
      if (!(await this.#pass(part, isLast ? logitCount : 0, signal))) return false;
      this.#tokens.push(...part);
      done += part.length;
      progress?.(done);
    }
    return true;
  }

  async #pass(tokens: readonly number[], logitCount: number, signal: AbortSignal): Promise<boolean> {
    let sliceFrom = performance.now();
    let longest = 0;
    const whole = await this.model.evaluate(tokens, this.#tokens.length, logitCount, async () => {
      longest = Math.max(longest, performance.now() - sliceFrom);
      await this.breath.take();
      sliceFrom = performance.now();
      return !signal.aborted;
    });
    if (tokens.length >= firstPass / 2 && longest > 0) this.#adapt(tokens.length, longest);
    return whole;
  }

  #adapt(tokens: number, sliceMs: number): void {
    const fitting = Math.floor((tokens * longestSliceMs) / sliceMs / 4) * 4;
    // Not more than twice as many at a time: one quick slice says little.
    this.#passTokens = Math.max(4, Math.min(largestPass, fitting, 2 * this.#passTokens));
  }
}

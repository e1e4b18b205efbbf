/** The tokens whose keys and values lie in the cache of a model, and how they become more, or others. */
import type { Breath } from './breath';
import { blockPositions } from './cache-regions';
import { type Checkpoint, Checkpoints, lastUntil } from './checkpoints';
import type { CpuModel } from './cpu-model';
import { commonLength, type LeftSequence, LeftSequences } from './left-sequences';
import { largestPass } from './model-plan';

/** The part of the model that a sequence needs. */
type Evaluator = Pick<
  CpuModel,
  | 'evaluate'
  | 'copyCache'
  | 'restoreCache'
  | 'partOfCopy'
  | 'cacheBytes'
  | 'stateBytes'
  | 'copyState'
  | 'restoreState'
  | 'architecture'
>;

/** How long the thread may be deaf, in ms: a stop is heard between two slices of layers, and has to work within 50. */
const longestSliceMs = 20;
const firstPass = 16;

/** Fewer tokens are read again sooner than their cache is copied out and back. */
const fewTokens = 64;

export interface ExtendOptions {
  readonly signal: AbortSignal;
  /** Of how many of the last tokens the logits are wanted; 1 when absent. */
  readonly logitCount?: number;
  /** Told after each pass, with the tokens that are done of those that were given. */
  readonly progress?: (done: number) => void;
  /** Tokens from the beginning of the sequence, behind which somebody may come back to: for models that remember a state. */
  readonly checkpoint?: number;
}

/** A cache that can be copied in blocks, until the sequence goes on. */
export interface CacheBlocks {
  readonly tokens: readonly number[];
  /** @param from a multiple of `blockPositions` @param to not included, at most one block later */
  copy(from: number, to: number): Uint8Array<ArrayBuffer>;
}

export class Sequence {
  readonly #tokens: number[] = [];
  /** None for a model that can be cut back anywhere. Otherwise its state always comes from exactly these tokens. */
  readonly #checkpoints = new Checkpoints();
  /** Tokens of the next pass of a prompt: as many as one layer can take between two breaths. */
  #passTokens = firstPass;
  /** What a pass of one token took when it was last measured, in ms. */
  #tokenMs = Infinity;

  constructor(
    private readonly model: Evaluator,
    private readonly breath: Breath,
    private readonly left: LeftSequences,
  ) {}

  get tokens(): readonly number[] {
    return this.#tokens;
  }

  get length(): number {
    return this.#tokens.length;
  }

  /**
   * Keeps the first `length` tokens, or fewer: as many as the last state before them comes from. The others are overwritten when
   * something takes their place.
   */
  cut(length: number): void {
    if (length >= this.length) return;
    const kept = this.#reachable(length);
    this.#tokens.length = kept;
    this.#checkpoints.cut(kept);
    const checkpoint = lastUntil(this.#checkpoints.all, kept);
    if (checkpoint) this.model.restoreState(checkpoint.state, checkpoint.position);
  }

  /** How many tokens can be kept where no more than `length` may be. */
  #reachable(length: number): number {
    if (length >= this.length) return this.length;
    return this.model.stateBytes === 0 ? length : (lastUntil(this.#checkpoints.all, length)?.position ?? 0);
  }

  /**
   * Makes the cache hold as much of this prompt as is known, from here or from a conversation that was left. The last token of
   * a prompt is always evaluated: its logits are what follows.
   * @returns how many of the tokens need not be evaluated
   */
  begin(prompt: readonly number[]): number {
    const common = commonLength(this.#tokens, prompt);
    const here = this.#reachable(Math.min(common, prompt.length - 1));
    const elsewhere = this.left.closest(prompt);
    if (this.length - common >= fewTokens) this.#leave();
    if (elsewhere !== null && elsewhere.common >= here + fewTokens) this.#comeBack(elsewhere.sequence);
    this.cut(Math.min(commonLength(this.#tokens, prompt), prompt.length - 1));
    return this.length;
  }

  #comeBack({ tokens, cache, checkpoints = [] }: LeftSequence): void {
    this.model.restoreCache(cache, tokens.length);
    this.#tokens.length = 0;
    for (const token of tokens) this.#tokens.push(token);
    this.#checkpoints.replace(checkpoints);
    const last = checkpoints.at(-1);
    if (last) this.model.restoreState(last.state, last.position);
  }

  /** How many of these tokens need not be evaluated, as far as this thread remembers. */
  known(tokens: readonly number[]): number {
    return Math.max(commonLength(this.#tokens, tokens), this.left.closest(tokens)?.common ?? 0);
  }

  /**
   * Takes the cache of these tokens from elsewhere, block by block. What has been taken when it ends early stays.
   * @param read the cache of a block, of all its tokens; null where it cannot be had
   * @returns false when a block could not be had
   */
  async take(
    tokens: readonly number[],
    read: (index: number) => Promise<Uint8Array | null>,
    { signal, progress }: Pick<ExtendOptions, 'signal' | 'progress'>,
  ): Promise<boolean> {
    const here = commonLength(this.#tokens, tokens);
    if (this.length - here >= fewTokens) this.#leave();
    this.cut(here);
    for (let index = Math.floor(here / blockPositions); index * blockPositions < tokens.length; index += 1) {
      if (signal.aborted) return true;
      const block = await read(index);
      if (block === null) return false;
      const from = index * blockPositions;
      const part = tokens.slice(from, from + blockPositions);
      this.model.restoreCache(block, from + part.length, from);
      this.cut(from);
      for (const token of part) this.#tokens.push(token);
      progress?.(this.length);
      await this.breath.take();
    }
    return true;
  }

  /** Where the cache of these tokens can be copied from now, in blocks, as far as it is still known; null where nowhere. */
  blocksOf(tokens: readonly number[]): CacheBlocks | null {
    const here = commonLength(this.#tokens, tokens);
    const elsewhere = this.left.closest(tokens);
    if (elsewhere !== null && elsewhere.common > here) {
      const { sequence, common } = elsewhere;
      return {
        tokens: tokens.slice(0, common),
        copy: (from, to) => this.model.partOfCopy(sequence.cache, sequence.tokens.length, to, from),
      };
    }
    return here === 0 ? null : { tokens: tokens.slice(0, here), copy: (from, to) => this.model.copyCache(to, from) };
  }

  /** Begins with nothing, for measuring; what was there is left for later. */
  beginAnew(): void {
    if (this.length >= fewTokens) this.#leave();
    this.cut(0);
  }

  #leave(): void {
    const { all } = this.#checkpoints;
    if (!this.left.takes(this.model.cacheBytes(this.length) + (all.length + 1) * this.model.stateBytes)) return;
    try {
      const states = this.model.stateBytes === 0 ? {} : { checkpoints: [...all, ...this.#lastState()] };
      this.left.keep({ tokens: [...this.#tokens], cache: this.model.copyCache(this.length), ...states });
    } catch (error) {
      // No memory for a copy: then it is read again.
      if (!(error instanceof RangeError)) throw error;
      this.left.forget();
    }
  }

  /** The state behind all tokens, unless that is kept already. */
  #lastState(): readonly Checkpoint[] {
    if (this.#checkpoints.all.at(-1)?.position === this.length) return [];
    return [{ position: this.length, state: this.model.copyState() }];
  }

  /**
   * Evaluates tokens that follow; logits of the last of them are then the model's.
   * @returns false when the signal stopped it: what was done until then stays
   */
  async extend(
    tokens: readonly number[],
    { signal, logitCount = 1, progress, checkpoint = 0 }: ExtendOptions,
  ): Promise<boolean> {
    this.#keepState(checkpoint);
    for (let done = 0; done < tokens.length;) {
      const rest = tokens.length - done;
      // The last pass has to hold all tokens whose logits are wanted.
      const count =
        rest <= this.#passTokens || rest <= logitCount ? rest : Math.min(this.#passTokens, rest - logitCount);
      const part = tokens.slice(done, done + Math.min(count, largestPass, this.#untilState(checkpoint)));
      const isLast = done + part.length === tokens.length;
      if (!(await this.#pass(part, isLast ? logitCount : 0, signal))) return false;
      for (const token of part) this.#tokens.push(token);
      this.#keepState(checkpoint);
      done += part.length;
      progress?.(done);
      if (signal.aborted) return false;
    }
    return true;
  }

  #untilState(checkpoint: number): number {
    return this.model.stateBytes > 0 && checkpoint > this.length ? checkpoint - this.length : Infinity;
  }

  #keepState(checkpoint: number): void {
    if (this.model.stateBytes === 0 || checkpoint !== this.length || checkpoint === 0) return;
    this.#checkpoints.keep(checkpoint, () => this.model.copyState());
  }

  /** @returns whether it came to its end: then the state comes from its tokens, too, even where it was stopped at last */
  async #pass(tokens: readonly number[], logitCount: number, signal: AbortSignal): Promise<boolean> {
    const { layers } = this.model.architecture;
    const isFew = tokens.length < firstPass / 2;
    // A quick model need not be interrupted within a token.
    const layersAtOnce = isFew
      ? Math.max(1, Math.floor((layers * longestSliceMs) / (this.#tokenMs * tokens.length)))
      : 1;
    const start = performance.now();
    let sliceFrom = start;
    let longest = 0;
    const whole = await this.model.evaluate(tokens, this.length, logitCount, {
      layersAtOnce,
      between: async () => {
        longest = Math.max(longest, performance.now() - sliceFrom);
        await this.breath.take();
        sliceFrom = performance.now();
        return !signal.aborted;
      },
    });
    if (tokens.length === 1) this.#tokenMs = performance.now() - start;
    if (!isFew && longest > 0) this.#adapt(tokens.length, longest);
    await this.breath.take();
    return whole;
  }

  #adapt(tokens: number, sliceMs: number): void {
    const fitting = Math.floor((tokens * longestSliceMs) / sliceMs / 4) * 4;
    // Not more than twice as many at a time: one quick slice says little.
    this.#passTokens = Math.max(4, Math.min(largestPass, fitting, 2 * this.#passTokens));
  }
}

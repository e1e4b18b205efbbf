/**
 * From logits to a token, in the order of llama.cpp's default chain, so that a setting means the same in both engines: bias and
 * penalties, top-k, top-p, min-p, temperature. Top-p and min-p are therefore of the probabilities before the temperature.
 */
import type { SamplingOptions } from '../../../../src/shared/protocol/engine';
import { failed, FailureError } from '../../../../src/shared/protocol/failure';
import { refuse } from '../../check-request';
import { Candidates, sumOfWeights } from './candidates';
import { randomAt, randomSeed } from './counter-random';
import { negligible } from './exponential';
import { likeliest, notFinite } from './likeliest';
import { Penalties } from './penalties';

export interface SamplerOptions extends Omit<SamplingOptions, 'logitBias'> {
  /** By token id: from -100 to 100, or -Infinity for never. */
  readonly logitBias?: Readonly<Record<number, number>>;
}

export interface Distribution {
  /** In the order of the vocabulary. */
  readonly tokens: Int32Array;
  /** Of each of them; their sum is 1. */
  readonly probabilities: Float64Array;
}

export class Sampler {
  /** What was given, or what was drawn in its place: the same seed repeats the answer. */
  readonly seed: number;
  readonly #temperature: number;
  readonly #topK: number;
  readonly #topP: number;
  readonly #minPDepth: number;
  readonly #penalties: Penalties;
  readonly #candidates: Candidates;
  /** The logits after penalties and mask, where there are any. */
  readonly #changed: Float32Array;
  #accepted = 0;

  /** @throws FailureError `request-invalid` for a bias of a token that there is not, or of no number */
  constructor(
    options: SamplerOptions,
    readonly vocabularySize: number,
  ) {
    this.seed = options.seed ?? randomSeed();
    this.#temperature = options.temperature ?? 1;
    this.#topK = options.topK ?? 0;
    this.#topP = options.topP ?? 1;
    // A probability of at least minP times the best one's: a logit at most this far below the best.
    this.#minPDepth = options.minP ? -Math.log(options.minP) : Infinity;
    this.#penalties = new Penalties({
      repeatPenalty: options.repeatPenalty ?? 1,
      presencePenalty: options.presencePenalty ?? 0,
      frequencyPenalty: options.frequencyPenalty ?? 0,
      logitBias: checkedBias(options.logitBias ?? {}, vocabularySize),
    });
    const greedy = this.#temperature === 0;
    this.#candidates = new Candidates(greedy ? 0 : vocabularySize);
    this.#changed = new Float32Array(vocabularySize);
  }

  /** Tells of tokens of the prompt: penalties look back on them too. */
  see(tokens: Iterable<number>): void {
    for (const token of tokens) this.#penalties.see(token);
  }

  /** Takes a token as the next of the answer, whoever has chosen it. */
  accept(token: number): void {
    this.#penalties.see(token);
    this.#accepted += 1;
  }

  /**
   * The next token. It hangs on the logits, the seed and the tokens accepted so far; asked again, it is the same.
   * @param logits `vocabularySize` of them; left as they are
   * @param allowed one bit a token, the lowest of each word first: all when absent
   * @throws FailureError `model-not-finite` for logits that are no finite numbers, `schema-invalid` where nothing is allowed
   */
  choose(logits: Float32Array, allowed?: Int32Array): number {
    const { values, best } = this.#prepare(logits, allowed);
    if (this.#temperature === 0) return best;
    const sum = this.#narrow(values, best);
    return this.#candidates.tokenAt(randomAt(this.seed, this.#accepted) * sum);
  }

  /** What `choose` draws from. It allocates: for tests and for showing alternatives, not for every token. */
  distribution(logits: Float32Array, allowed?: Int32Array): Distribution {
    const { values, best } = this.#prepare(logits, allowed);
    if (this.#temperature === 0) return { tokens: Int32Array.of(best), probabilities: Float64Array.of(1) };
    const sum = this.#narrow(values, best);
    const { tokens, weights, count } = this.#candidates;
    return { tokens: tokens.slice(0, count), probabilities: weights.slice(0, count).map((weight) => weight / sum) };
  }

  #prepare(logits: Float32Array, allowed: Int32Array | undefined): { values: Float32Array; best: number } {
    const best = largestOf(logits);
    if (logits.length === 0 || logits.length !== this.vocabularySize)
      throw new RangeError(`${logits.length} logits of a vocabulary of ${this.vocabularySize}`);
    // Weights with broken scales give these. Without the check the answer would be token 0 for ever.
    if (best === undefined) throw notFinite('logits');
    if (!this.#penalties.active && !allowed) return { values: logits, best };
    const values = this.#changed;
    values.set(logits);
    this.#penalties.apply(values);
    if (allowed) forbid(values, allowed);
    const changed = likeliest(values);
    if (changed < 0)
      throw new FailureError(failed('schema-invalid', 'no token of the model can continue this form').failure);
    return { values, best: changed };
  }

  /** Leaves the candidates that may be drawn. @returns the sum of their weights */
  #narrow(values: Float32Array, bestToken: number): number {
    const best = values[bestToken] as number;
    const candidates = this.#candidates;
    const inReach = Math.min(this.#minPDepth, negligible * this.#temperature);
    // Top-p counts all probabilities, also of those that another setting leaves out afterwards.
    const depth = this.#topP < 1 ? negligible : inReach;
    if (this.#topK > 0) {
      candidates.gatherUntil(values, best, depth, () => candidates.count >= this.#topK);
      candidates.keepBest(this.#topK);
      if (this.#topP < 1) candidates.keepWeight(candidates.weigh(1) * this.#topP);
    } else if (this.#topP < 1) {
      const wanted = sumOfWeights(values, best) * this.#topP;
      candidates.gatherUntil(values, best, depth, () => candidates.weigh(1) >= wanted);
      candidates.keepWeight(wanted);
    } else candidates.gather(values, best, depth);
    if (this.#topP < 1) candidates.keepDownTo(inReach);
    return candidates.weigh(this.#temperature);
  }
}

/** @returns the first token with the largest logit; undefined when one of all is no finite number */
function largestOf(logits: Float32Array): number | undefined {
  // A number minus itself is 0, NaN and the infinities minus themselves are NaN. Four sums, because one would wait for itself.
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let largest = -Infinity;
  let at = 0;
  const whole = logits.length - (logits.length % 4);
  for (let index = 0; index < whole; index += 4) {
    const a = logits[index] as number;
    const b = logits[index + 1] as number;
    const c = logits[index + 2] as number;
    const d = logits[index + 3] as number;
    sum0 += a - a;
    sum1 += b - b;
    sum2 += c - c;
    sum3 += d - d;
    if (!(a > largest || b > largest || c > largest || d > largest)) continue;
    for (let near = index; near < index + 4; near += 1)
      if ((logits[near] as number) > largest) largest = logits[(at = near)] as number;
  }
  for (let index = whole; index < logits.length; index += 1) {
    const logit = logits[index] as number;
    sum0 += logit - logit;
    if (logit > largest) largest = logits[(at = index)] as number;
  }
  return sum0 + sum1 + sum2 + sum3 === 0 ? at : undefined;
}

function forbid(logits: Float32Array, allowed: Int32Array): void {
  for (let from = 0; from < logits.length; from += 32) {
    const word = allowed[from >>> 5] ?? 0;
    if (word === 0) logits.fill(-Infinity, from, from + 32);
    else if (word !== -1)
      for (let bit = 0; bit < 32; bit += 1) if (((word >>> bit) & 1) === 0) logits[from + bit] = -Infinity;
  }
}

function checkedBias(bias: Readonly<Record<number, number>>, vocabularySize: number): ReadonlyMap<number, number> {
  const checked = new Map<number, number>();
  for (const [name, value] of Object.entries<unknown>(bias)) {
    const token = Number(name);
    if (!Number.isInteger(token) || token < 0 || token >= vocabularySize)
      refuse(`logitBias: there is no token ${name}`);
    if (typeof value !== 'number' || !(value === -Infinity || Math.abs(value) <= 100))
      refuse(`logitBias of token ${name} is ${String(value)}, not from -100 to 100`);
    checked.set(token, value);
  }
  return checked;
}

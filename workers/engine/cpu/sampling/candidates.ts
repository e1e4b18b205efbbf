/**
 * The tokens that may come next, and how the less likely ones are left out without sorting a vocabulary of 150,000: a histogram
 * over the distance to the best finds where the line runs, and only the candidates in that one bin are sorted.
 *
 *     best ─────────────────────────────────────────► negligible
 *     │ kept, in any order │ one bin, sorted │ left out │
 */
import { expOfMinus } from './exponential';

const bins = 4096;

export class Candidates {
  readonly tokens: Int32Array;
  readonly logits: Float32Array;
  /** Not normalized. */
  readonly weights: Float64Array;
  readonly #amounts = new Float64Array(bins);
  #count = 0;
  #best = 0;
  #depth = 0;

  constructor(vocabularySize: number) {
    this.tokens = new Int32Array(vocabularySize);
    this.logits = new Float32Array(vocabularySize);
    this.weights = new Float64Array(vocabularySize);
  }

  get count(): number {
    return this.#count;
  }

  /** Takes the tokens whose logits are at most `depth` below the best. */
  gather(logits: Float32Array, best: number, depth: number): void {
    const floor = best - depth;
    let count = 0;
    for (let token = 0; token < logits.length; token += 1) {
      const logit = logits[token] as number;
      if (logit >= floor) {
        this.tokens[count] = token;
        this.logits[count] = logit;
        count += 1;
      }
    }
    this.#count = count;
    this.#best = best;
    this.#depth = depth;
  }

  keepDownTo(depth: number): void {
    const floor = this.#best - depth;
    let kept = 0;
    for (let index = 0; index < this.#count; index += 1)
      if ((this.logits[index] as number) >= floor) this.#move(index, kept++);
    this.#count = kept;
  }

  /** Keeps the `most` best; of equals, those that come first in the vocabulary. */
  keepBest(most: number): void {
    if (most >= this.#count) return;
    this.weights.fill(1, 0, this.#count);
    this.#keepUntil(most);
  }

  /** Keeps the fewest, from the best on, that have `share` of the probability together: at least one. */
  keepShare(share: number): void {
    this.#keepUntil(this.weigh(1) * share);
  }

  /** Sets the weights for a temperature. @returns their sum */
  weigh(temperature: number): number {
    let sum = 0;
    for (let index = 0; index < this.#count; index += 1) {
      const weight = expOfMinus((this.#best - (this.logits[index] as number)) / temperature);
      this.weights[index] = weight;
      sum += weight;
    }
    return sum;
  }

  /** The token at which the running sum of weights first exceeds `target`. */
  tokenAt(target: number): number {
    let sum = 0;
    let last = 0;
    for (let index = 0; index < this.#count; index += 1) {
      const weight = this.weights[index] as number;
      sum += weight;
      if (sum > target) return this.tokens[index] as number;
      if (weight > 0) last = index;
    }
    // Rounding alone can lead here: the target was almost the whole sum.
    return this.tokens[last] as number;
  }

  /** Keeps candidates from the best on until their weights reach `target`. */
  #keepUntil(target: number): void {
    const scale = this.#depth > 0 ? (bins - 1) / this.#depth : 0;
    const binOf = (index: number): number => ((this.#best - (this.logits[index] as number)) * scale) | 0;
    this.#amounts.fill(0);
    for (let index = 0; index < this.#count; index += 1) {
      const bin = binOf(index);
      this.#amounts[bin] = (this.#amounts[bin] as number) + (this.weights[index] as number);
    }
    let sum = 0;
    let line = 0;
    while (line < bins - 1 && sum + (this.#amounts[line] as number) < target) {
      sum += this.#amounts[line] as number;
      line += 1;
    }
    const atLine: number[] = [];
    for (let index = 0; index < this.#count; index += 1) if (binOf(index) === line) atLine.push(index);
    // They stand in the order of the vocabulary, and the sort is stable.
    atLine.sort((one, other) => (this.logits[other] as number) - (this.logits[one] as number));
    let last = 0;
    for (const index of atLine) {
      last = index;
      sum += this.weights[index] as number;
      if (sum >= target) break;
    }
    const lastLogit = this.logits[last] as number;
    let kept = 0;
    for (let index = 0; index < this.#count; index += 1) {
      const logit = this.logits[index] as number;
      if (logit > lastLogit || (logit === lastLogit && index <= last)) this.#move(index, kept++);
    }
    this.#count = kept;
  }

  #move(from: number, to: number): void {
    this.tokens[to] = this.tokens[from] as number;
    this.logits[to] = this.logits[from] as number;
  }
}

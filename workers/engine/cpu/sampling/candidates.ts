/**
 * The tokens that may come next, and how the less likely ones are left out without sorting a vocabulary of 150,000: a histogram
 * over the distance to the best finds where the line runs, and only the candidates in that one bin are sorted.
 *
 *     best ─────────────────────────────────────────► negligible
 *     │ kept, in any order │ one bin, sorted │ left out │
 */
import { expOfMinus } from './exponential';

const bins = 4096;
/** How far below the best is looked first, in logits: e⁻⁸ of its probability. */
const nearBest = 8;

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
    const { tokens, logits: taken } = this;
    const floor = best - depth;
    let count = 0;
    for (let token = 0; token < logits.length; token += 1) {
      const logit = logits[token] as number;
      if (logit >= floor) {
        tokens[count] = token;
        taken[count] = logit;
        count += 1;
      }
    }
    this.#count = count;
    this.#best = best;
    this.#depth = depth;
  }

  /**
   * Looks near the best first, and further away, to at most `depth`, until there is enough: most logits are far below the few
   * that matter, and what is not taken costs nothing afterwards.
   */
  gatherUntil(logits: Float32Array, best: number, depth: number, enough: () => boolean): void {
    for (let reach = nearBest; reach < depth; reach *= 2) {
      this.gather(logits, best, reach);
      if (enough()) return;
    }
    this.gather(logits, best, depth);
    enough();
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
    this.keepWeight(most);
  }

  /** Sets the weights for a temperature. @returns their sum */
  weigh(temperature: number): number {
    const { logits, weights } = this;
    const count = this.#count;
    const best = this.#best;
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      const weight = expOfMinus((best - (logits[index] as number)) / temperature);
      weights[index] = weight;
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

  /** Keeps the fewest, from the best on, whose weights reach `target` together: at least one. */
  keepWeight(target: number): void {
    const { logits, weights } = this;
    const amounts = this.#amounts;
    const count = this.#count;
    const best = this.#best;
    const scale = this.#depth > 0 ? (bins - 1) / this.#depth : 0;
    amounts.fill(0);
    for (let index = 0; index < count; index += 1) {
      const bin = ((best - (logits[index] as number)) * scale) | 0;
      amounts[bin] = (amounts[bin] as number) + (weights[index] as number);
    }
    let sum = 0;
    let line = 0;
    while (line < bins - 1 && sum + (amounts[line] as number) < target) {
      sum += amounts[line] as number;
      line += 1;
    }
    const atLine: number[] = [];
    for (let index = 0; index < count; index += 1)
      if ((((best - (logits[index] as number)) * scale) | 0) === line) atLine.push(index);
    // They stand in the order of the vocabulary, and the sort is stable.
    atLine.sort((one, other) => (logits[other] as number) - (logits[one] as number));
    let last = 0;
    for (const index of atLine) {
      last = index;
      sum += weights[index] as number;
      if (sum >= target) break;
    }
    const lastLogit = logits[last] as number;
    let kept = 0;
    for (let index = 0; index < count; index += 1) {
      const logit = logits[index] as number;
      if (logit > lastLogit || (logit === lastLogit && index <= last)) this.#move(index, kept++);
    }
    this.#count = kept;
  }

  #move(from: number, to: number): void {
    this.tokens[to] = this.tokens[from] as number;
    this.logits[to] = this.logits[from] as number;
  }
}

/** Of all tokens at temperature 1, as `weigh` gives it for those that were taken. */
export function sumOfWeights(logits: Float32Array, best: number): number {
  const count = logits.length;
  let sum = 0;
  for (let token = 0; token < count; token += 1) sum += expOfMinus(best - (logits[token] as number));
  return sum;
}

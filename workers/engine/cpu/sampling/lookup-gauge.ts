/**
 * Decides how many guesses pay. A pass over k guesses and one token costs more than a pass over one, and gives 1 token and as many
 * more as guesses come true in a row. With a share s of right guesses that is 1 + s + s² + … + sᵏ.
 */

/** How much one outcome weighs in the shares: about the last thirty count. */
const memory = 1 / 30;
/** What guesses are taken to be worth before any was seen, by the tokens that agreed. */
const firstShares: Readonly<Record<number, number>> = { 4: 0.7, 3: 0.55, 2: 0.4 };
/** The gain has to be larger than what the costs are uncertain by. */
const leastGain = 1.05;

/**
 * Costs by the count of guesses, relative to a pass without, until the engine has measured its own: four tokens in one pass cost
 * about 1.4 times one where memory limits.
 */
export const usualCosts: readonly number[] = Array.from({ length: 11 }, (_, guesses) => 1 + guesses * 0.14);

export class LookupGauge {
  readonly #shares = new Map<number, number>();
  /** `costs[k]`: the time of a pass with k guesses, relative to one without. Sizes that are not in it are not tried. */
  costs: readonly number[];
  /** Guesses that were compared with what came, and that were right, for the figures of an answer. */
  compared = 0;
  right = 0;

  constructor(costs = usualCosts) {
    this.costs = costs;
  }

  /** @param length tokens that agreed */
  note(length: number, right: boolean): void {
    this.compared += 1;
    if (right) this.right += 1;
    const share = this.shareOf(length);
    this.#shares.set(length, share + memory * ((right ? 1 : 0) - share));
  }

  /** Of the guesses of late, those that were right, from 0 to 1. */
  shareOf(length: number): number {
    return this.#shares.get(length) ?? firstShares[length] ?? 0;
  }

  /** How many of `most` guesses are best checked at a time; 0 where none pays. */
  paying(length: number, most: number): number {
    const share = this.shareOf(length);
    let best = leastGain;
    let count = 0;
    let tokens = 1;
    let chance = 1;
    for (let guesses = 1; guesses <= most; guesses += 1) {
      const cost = this.costs[guesses];
      if (cost === undefined || !(cost > 0)) break;
      chance *= share;
      tokens += chance;
      if (tokens / cost > best) {
        best = tokens / cost;
        count = guesses;
      }
    }
    return count;
  }
}

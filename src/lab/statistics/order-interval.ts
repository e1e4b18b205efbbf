import { binomialProbability } from './binomial';

/** In the unit of the values. */
export interface OrderInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Interval for the median between two of the values themselves: the k-th from below and from above, with the largest k for which
 * 2·P(Bin(n, ½) < k) ≤ 1 − confidence. It supposes nothing about the distribution: times have long tails.
 * Source: W. Conover, Practical Nonparametric Statistics (1999), § 3.2.
 * @param values independent of each other: one for each case
 * @returns null where even the whole range is not sure enough, which is below six values at 95 %
 */
export function medianInterval(values: readonly number[], confidence = 0.95): OrderInterval | null {
  const sorted = [...values].sort((a, b) => a - b);
  let rank = 0;
  while (rank + 1 <= sorted.length / 2 && 2 * binomialProbability(rank, sorted.length, 0.5) <= 1 - confidence)
    rank += 1;
  const low = sorted[rank - 1];
  const high = sorted[sorted.length - rank];
  return low === undefined || high === undefined ? null : { low, high };
}

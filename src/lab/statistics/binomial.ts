/** The binomial distribution, by logarithms of factorials: exact to about twelve digits for some ten thousand trials. */

/** ln n!, at its index; grows as it is asked for. */
const logFactorials: number[] = [0];

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next += 1)
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  return logFactorials[n] ?? Number.NaN;
}

/** P(X = successes) for X ~ Bin(trials, probability). */
export function binomialMass(successes: number, trials: number, probability: number): number {
  if (successes < 0 || successes > trials) return 0;
  if (probability <= 0) return Number(successes === 0);
  if (probability >= 1) return Number(successes === trials);
  const ways = logFactorial(trials) - logFactorial(successes) - logFactorial(trials - successes);
  return Math.exp(ways + successes * Math.log(probability) + (trials - successes) * Math.log1p(-probability));
}

/** P(X ≤ successes) for X ~ Bin(trials, probability). Summed from the largest term of the tail, and ended where the rest is lost. */
export function binomialProbability(successes: number, trials: number, probability: number): number {
  let total = 0;
  for (let count = Math.min(successes, trials); count >= 0; count -= 1) {
    const mass = binomialMass(count, trials, probability);
    total += mass;
    if (count < trials * probability && mass < 1e-18 * total) break;
  }
  return Math.min(1, total);
}

/**
 * Exact two-sided test of a fair coin: 2·P(X ≤ the smaller side), at most 1. The distribution is symmetric, so that both usual
 * definitions of two-sided agree.
 */
export const fairCoinProbability = (heads: number, tails: number): number =>
  Math.min(1, 2 * binomialProbability(Math.min(heads, tails), heads + tails, 0.5));

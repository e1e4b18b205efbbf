/** Whether two contenders differ on the same cases. */
import { fairCoinProbability } from './binomial';
import { normalProbability } from './normal';

/** Steps of the exact distribution that a page may take; some thousand cases with ten answers each. */
const mostSteps = 5e7;

/**
 * Exact sign-flip test of paired differences, two-sided: the share of all 2ⁿ ways to swap the two contenders within each case
 * that give a total at least as far from zero.
 *
 * With one answer for each case, differences are −1, 0 or 1, and this is the exact McNemar test: a fair coin thrown once for each
 * discordant case. With several answers, a case is swapped as a whole, so that answers to one case need not be independent of
 * each other; counting each answer as a pair of its own would call equal contenders different too often.
 *
 * The distribution of the total is built up case by case, not sampled: the result is the same every time. Only for more cases than
 * that takes seconds for, it is the normal one with variance Σd², to which it has come very near by then.
 * Source: Q. McNemar, Psychometrika 12 (1947); R. A. Fisher, The Design of Experiments (1935), § 21.
 * @param differences one whole number for each case: passes of the second less passes of the first, over the same samples
 * @returns p, 1 where no case tells them apart
 */
export function signFlipProbability(differences: readonly number[]): number {
  const told = differences.filter((difference) => difference !== 0);
  const sizes = told.map(Math.abs);
  const [size] = sizes;
  if (size === undefined) return 1;
  if (sizes.every((other) => other === size)) {
    const positive = told.filter((difference) => difference > 0).length;
    return fairCoinProbability(positive, told.length - positive);
  }
  const observed = Math.abs(told.reduce((sum, difference) => sum + difference, 0));
  const reach = sizes.reduce((sum, one) => sum + one, 0);
  if (reach * sizes.length > mostSteps)
    return Math.min(1, 2 * normalProbability(-observed / Math.sqrt(sizes.reduce((sum, one) => sum + one * one, 0))));
  return exactProbability(sizes, reach, observed);
}

/** @param reach sum of the sizes */
function exactProbability(sizes: readonly number[], reach: number, observed: number): number {
  // Index `reach` is a total of 0.
  let chances = new Float64Array(2 * reach + 1);
  chances[reach] = 1;
  let seen = 0;
  for (const size of sizes) {
    const next = new Float64Array(chances.length);
    for (let index = reach - seen; index <= reach + seen; index += 1) {
      const half = (chances[index] ?? 0) / 2;
      next[index - size] = (next[index - size] ?? 0) + half;
      next[index + size] = (next[index + size] ?? 0) + half;
    }
    chances = next;
    seen += size;
  }
  return Math.min(
    1,
    chances.reduce((sum, chance, index) => (Math.abs(index - reach) >= observed ? sum + chance : sum), 0),
  );
}

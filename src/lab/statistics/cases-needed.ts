/** How many cases it would take to show a difference. */
import { binomialMass, binomialProbability, fairCoinProbability } from './binomial';
import { normalQuantile } from './normal';

/** Shares of all cases: those that only the first contender passes, and those that only the second does. */
export interface DiscordantShares {
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/** Chance to show a difference that is there, and the level that p must not exceed. */
export interface PowerGoal {
  readonly power: number;
  readonly alpha: number;
}

export const usualGoal: PowerGoal = { power: 0.8, alpha: 0.05 };

/** More than that, and nobody will write them. */
export const mostCasesNeeded = 20_000;
/** From here on the formula is about 3 % below the exact number, which would take the browser seconds. */
const closeEnough = 2000;

/**
 * Chance that the exact McNemar test shows a difference: the number of discordant cases is Bin(cases, both shares together), and of
 * those the second's are Bin(discordant, its part of them).
 */
export function exactPower(cases: number, shares: DiscordantShares, alpha: number): number {
  const discordant = shares.onlyFirst + shares.onlySecond;
  const part = shares.onlySecond / discordant;
  const center = cases * discordant;
  // Beyond eight standard deviations nothing is left that would be seen.
  const spread = 8 * Math.sqrt(center * (1 - Math.min(1, discordant))) + 8;
  let power = 0;
  for (
    let count = Math.max(0, Math.floor(center - spread));
    count <= Math.min(cases, Math.ceil(center + spread));
    count += 1
  ) {
    const most = criticalCount(count, alpha);
    if (most < 0) continue;
    const shown = binomialProbability(most, count, part) + binomialProbability(most, count, 1 - part);
    power += binomialMass(count, cases, discordant) * shown;
  }
  return power;
}

/** The largest smaller side that still shows a difference among so many discordant cases; −1 where none does. */
function criticalCount(discordant: number, alpha: number): number {
  // The normal approximation lies within one or two of it.
  const roughly = Math.floor((discordant - normalQuantile(1 - alpha / 2) * Math.sqrt(discordant)) / 2) + 1;
  let most = Math.min(roughly, Math.floor((discordant - 1) / 2));
  while (most >= 0 && fairCoinProbability(most, discordant - most) > alpha) most -= 1;
  return Math.max(-1, most);
}

/**
 * Cases that would show a difference as large as the given one, by the exact McNemar test.
 *
 * The start is the formula n = (z₁₋α⁄₂·√d + z_power·√(d − δ²))² / δ², where d is the share of discordant cases and δ the difference
 * (R. J. Connor, Biometrics 43, 1987; O. S. Miettinen, Biometrics 24, 1968). It is for the test by the normal distribution; the
 * exact test asks for more, so the number is raised until its power, computed exactly, is what was asked for (below 2,000 cases).
 *
 * A difference that was only just seen is likely to be smaller than it looks, and needs more.
 * @returns null where there is no difference, or where it takes more than `mostCasesNeeded`
 */
export function casesNeeded(shares: DiscordantShares, goal: PowerGoal = usualGoal): number | null {
  const discordant = shares.onlyFirst + shares.onlySecond;
  const difference = Math.abs(shares.onlySecond - shares.onlyFirst);
  const start = approximateCases(difference, discordant, goal);
  if (start === null || start >= closeEnough) return start;
  const enough = (cases: number): boolean => exactPower(cases, shares, goal.alpha) >= goal.power;
  let low = Math.max(1, Math.floor(start * 0.9));
  let high = Math.max(low + 1, Math.ceil(start * 1.1) + 5);
  while (!enough(high)) high = Math.ceil(high * 1.2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The same for cases that were answered several times: the formula above with the mean square of the differences in place of the
 * share of discordant cases. It holds for the number of answers to each case that the differences were found with.
 * @param differences for each case, the share that the second passed less the share that the first passed
 */
export function casesNeededForDifferences(differences: readonly number[], goal: PowerGoal = usualGoal): number | null {
  if (differences.length === 0) return null;
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  const square = differences.reduce((sum, difference) => sum + difference ** 2, 0) / differences.length;
  return approximateCases(Math.abs(mean), square, goal);
}

function approximateCases(difference: number, square: number, { power, alpha }: PowerGoal): number | null {
  if (!(difference > 0)) return null;
  const root =
    normalQuantile(1 - alpha / 2) * Math.sqrt(square) +
    normalQuantile(power) * Math.sqrt(Math.max(0, square - difference ** 2));
  const cases = Math.ceil((root / difference) ** 2);
  return cases <= mostCasesNeeded ? cases : null;
}

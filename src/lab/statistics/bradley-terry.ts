/** How good contenders are, from choices between two of them. */
import { studentQuantile } from '../../shared/domain/benchmark/student-t';
import { inverse, times, type Matrix } from './linear-system';

/** One choice between the contenders with these indexes. */
export interface ChoicePair {
  readonly first: number;
  readonly second: number;
  /** 1: the first was chosen; 0: the second; 0.5: neither. */
  readonly score: 0 | 0.5 | 1;
  /** Choices about the same case are not independent. */
  readonly cluster: string;
}

/** On Elo's scale: 400 points are odds of ten to one. The mean of all contenders is 1000. */
export interface Strength {
  readonly elo: number;
  readonly low: number;
  readonly high: number;
}

export type Strengths =
  | { readonly known: true; readonly strengths: readonly Strength[] }
  /** `not-connected`: some contenders were never compared with the others, not even by way of a third. */
  | { readonly known: false; readonly why: 'too-few-choices' | 'not-connected' };

const eloMean = 1000;
const eloUnit = 400 / Math.LN10;
/** Cases with a choice; below that, an interval would rest on next to nothing. */
export const fewestClusters = 5;
/** Half a win and half a loss for each pair that was compared. */
const virtualChoices = 0.5;

interface Trial {
  readonly first: number;
  readonly second: number;
  /** Of all choices with this outcome, how many it counts for. */
  readonly weight: number;
  readonly score: number;
  readonly cluster: string;
}

/**
 * Strengths by the model of Bradley and Terry: the first is chosen with odds e^(θ₁ − θ₂).
 *
 * *Ties.* A choice of neither is half a win for each, whether both were good or both bad: either way the person prefers none, and
 * leaving such cases out would make the rest look like a larger difference than the person saw.
 *
 * *One side always chosen.* The likelihood then has no maximum (L. R. Ford, 1957). Each compared pair is given half a win and half
 * a loss more, which for two contenders is Jeffreys' prior (D. Firth, Biometrika 80, 1993). It pulls towards "equal", less with each
 * choice.
 *
 * *Intervals.* 95 %, from the robust ("sandwich") covariance over cases with Student's t of one degree less than there are cases:
 * the model's own would be too wide with ties, which vary less than a coin, and too narrow where one case gave several choices.
 * They are for the distance of a contender from the mean of all, so two that overlap may still differ: see the test of the pair.
 * Source: R. Bradley, M. Terry, Biometrika 39 (1952); W.-L. Chiang et al., "Chatbot Arena" (2024) for ties and the covariance.
 * @param count of contenders, whose indexes the pairs name
 */
export function bradleyTerry(count: number, pairs: readonly ChoicePair[], confidence = 0.95): Strengths {
  const clusters = new Set(pairs.map(({ cluster }) => cluster)).size;
  if (count < 2 || clusters < fewestClusters) return { known: false, why: 'too-few-choices' };
  if (!isConnected(count, pairs)) return { known: false, why: 'not-connected' };
  const trials = [...pairs.map((pair) => ({ ...pair, weight: 1 })), ...virtualTrials(pairs)];
  const strengths = fit(count, trials);
  const covariance = robustCovariance(count, trials, strengths, clusters);
  const reach = studentQuantile((1 + confidence) / 2, clusters - 1);
  return {
    known: true,
    strengths: strengths.map((strength, index) => {
      const error = reach * Math.sqrt(covariance[index]?.[index] ?? Number.NaN);
      return {
        elo: eloMean + eloUnit * strength,
        low: eloMean + eloUnit * (strength - error),
        high: eloMean + eloUnit * (strength + error),
      };
    }),
  };
}

function virtualTrials(pairs: readonly ChoicePair[]): Trial[] {
  const compared = new Map(
    pairs.map(({ first, second }) => {
      const ends = [Math.min(first, second), Math.max(first, second)] as const;
      return [ends.join(), ends];
    }),
  );
  return [...compared].flatMap(([name, [first, second]]) =>
    [0, 1].map((score) => ({ first, second, score, weight: virtualChoices, cluster: `virtual ${name} ${score}` })),
  );
}

function isConnected(count: number, pairs: readonly ChoicePair[]): boolean {
  const reached = new Set([0]);
  for (const at of reached)
    for (const { first, second } of pairs) {
      if (first === at) reached.add(second);
      if (second === at) reached.add(first);
    }
  return reached.size === count;
}

const chance = (strengths: readonly number[], { first, second }: Trial): number =>
  1 / (1 + Math.exp((strengths[second] ?? 0) - (strengths[first] ?? 0)));

/**
 * Inverse of the information on differences: its Laplacian has no inverse, because a number added to all strengths changes nothing.
 * With 1/count added everywhere it has, and strengths keep the sum 0.
 */
function inverseInformation(count: number, trials: readonly Trial[], strengths: readonly number[]): Matrix {
  const information = Array.from({ length: count }, () => Array.from({ length: count }, () => 1 / count));
  const add = (row: number, column: number, value: number): void => {
    const entries = information[row];
    if (entries) entries[column] = (entries[column] ?? 0) + value;
  };
  for (const trial of trials) {
    const p = chance(strengths, trial);
    const value = trial.weight * p * (1 - p);
    add(trial.first, trial.first, value);
    add(trial.second, trial.second, value);
    add(trial.first, trial.second, -value);
    add(trial.second, trial.first, -value);
  }
  return inverse(information).map((row) => row.map((entry) => entry - 1 / count));
}

/** The derivative of the likelihood, summed over these trials. */
function gradient(count: number, trials: readonly Trial[], strengths: readonly number[], exponent = 1): number[] {
  const slope = Array.from({ length: count }, () => 0);
  for (const trial of trials) {
    const value = trial.weight ** exponent * (trial.score - chance(strengths, trial));
    slope[trial.first] = (slope[trial.first] ?? 0) + value;
    slope[trial.second] = (slope[trial.second] ?? 0) - value;
  }
  return slope;
}

/** Newton's method, no step longer than 1; the likelihood is concave, so that it ends at the one maximum. */
function fit(count: number, trials: readonly Trial[]): number[] {
  let strengths = Array.from({ length: count }, () => 0);
  for (let step = 0; step < 200; step += 1) {
    const change = times(inverseInformation(count, trials, strengths), gradient(count, trials, strengths));
    const longest = Math.max(...change.map(Math.abs));
    const shortened = Math.min(1, 1 / longest);
    strengths = strengths.map((strength, index) => strength + (change[index] ?? 0) * (longest > 0 ? shortened : 0));
    if (longest < 1e-10) break;
  }
  return strengths;
}

/** Of the sum of scores within each case; a virtual half choice varies half as much as a whole one. */
function robustCovariance(
  count: number,
  trials: readonly Trial[],
  strengths: readonly number[],
  clusters: number,
): Matrix {
  const bread = inverseInformation(count, trials, strengths);
  const byCluster = new Map<string, Trial[]>();
  for (const trial of trials) {
    const known = byCluster.get(trial.cluster);
    if (known) known.push(trial);
    else byCluster.set(trial.cluster, [trial]);
  }
  const covariance = strengths.map(() => strengths.map(() => 0));
  for (const group of byCluster.values()) {
    const influence = times(bread, gradient(count, group, strengths, 0.5));
    influence.forEach((one, row) =>
      influence.forEach((other, column) => {
        const entries = covariance[row];
        if (entries) entries[column] = (entries[column] ?? 0) + (one * other * clusters) / (clusters - 1);
      }),
    );
  }
  return covariance;
}

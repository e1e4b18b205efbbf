/** Two contenders on the same cases, and all pairs of a run. */
import type { CaseSet } from '../../shared/domain/lab/case-set';
import type { ContenderId, LabAnswer, LabRun } from '../../shared/domain/lab/run';
import { usualGoal } from '../statistics/cases-needed';
import { holm } from '../statistics/holm';
import { verdictFor, type LabVerdict } from '../statistics/verdict';
import { answersByCase } from './counted-answers';
import { pairedCases, testPairs, type PairedCase, type PairedTest } from './paired-cases';

export interface Comparison extends PairedTest {
  readonly first: ContenderId;
  readonly second: ContenderId;
  /** Cases that both were judged on. */
  readonly cases: number;
  /** Those on which they differ, in the order of the set. */
  readonly discordant: readonly PairedCase[];
  /** p after Holm, over all pairs that were compared with it; the same as `probability` for one pair. */
  readonly adjusted: number;
  /** Of the second against the first, by the adjusted p. */
  readonly verdict: LabVerdict;
}

export const compare = (
  run: LabRun,
  set: CaseSet,
  answers: readonly LabAnswer[],
  first: ContenderId,
  second: ContenderId,
): Comparison => {
  const found = comparePair(run, set, answers, [first, second], 1);
  return judged(found, found.probability);
};

/** Every pair of the run's contenders, by Holm: see `holm`. */
export function compareAll(run: LabRun, set: CaseSet, answers: readonly LabAnswer[]): Comparison[] {
  const ids = run.contenders.map(({ id }) => id);
  const pairs = ids.flatMap((first, index) => ids.slice(index + 1).map((second) => [first, second] as const));
  const found = pairs.map((pair) => comparePair(run, set, answers, pair, pairs.length));
  const adjusted = holm(found.map(({ probability }) => probability));
  return found.map((one, index) => judged(one, adjusted[index] ?? 1));
}

type Unjudged = Omit<Comparison, 'adjusted' | 'verdict'>;

/** @param pairs among which the level is shared for the number of cases needed: Holm's first step, the most that it can take */
function comparePair(
  run: LabRun,
  set: CaseSet,
  answers: readonly LabAnswer[],
  [first, second]: readonly [ContenderId, ContenderId],
  pairs: number,
): Unjudged {
  const cases = pairedCases(answersByCase(run, set, answers, first), answersByCase(run, set, answers, second));
  const goal = { ...usualGoal, alpha: usualGoal.alpha / pairs };
  return {
    first,
    second,
    cases: cases.length,
    discordant: cases.filter((one) => one.first.passed !== one.second.passed),
    ...testPairs(cases, goal),
  };
}

const judged = (found: Unjudged, adjusted: number): Comparison => ({
  ...found,
  adjusted,
  verdict: verdictFor(found.difference, adjusted),
});

import type { CaseId } from '../../shared/domain/lab/case-set';
import type { LabAnswer } from '../../shared/domain/lab/run';
import { casesNeeded, casesNeededForDifferences, usualGoal, type PowerGoal } from '../statistics/cases-needed';
import { signFlipProbability } from '../statistics/paired-test';
import type { CaseScore } from '../statistics/score-interval';
import { outcomeOf, type AnswersByCase } from './counted-answers';
import { caseScore } from './score';

/** One case that both have answered, over the samples that could be judged for both. */
export interface PairedCase {
  readonly caseId: CaseId;
  readonly first: CaseScore;
  readonly second: CaseScore;
}

/** Sample by sample: what only one of the two was judged on says nothing about their difference. */
export function pairedCases(first: AnswersByCase, second: AnswersByCase): PairedCase[] {
  return [...first].flatMap(([caseId, ofFirst]) => {
    const judgedBySecond = new Map(judged(second.get(caseId) ?? []).map((answer) => [answer.sample, answer]));
    const both = judged(ofFirst).filter(({ sample }) => judgedBySecond.has(sample));
    const others = both.flatMap(({ sample }) => judgedBySecond.get(sample) ?? []);
    return both.length > 0 ? [{ caseId, first: caseScore(both), second: caseScore(others) }] : [];
  });
}

const judged = (answers: readonly LabAnswer[]): LabAnswer[] => answers.filter((answer) => outcomeOf(answer) !== 'none');

export interface PairedTest {
  /** `sign-flip` is the exact McNemar test for cases with several answers. */
  readonly method: 'mcnemar' | 'sign-flip';
  /** Share of all these answers that the second passes less that of the first; its sign is that of the test. */
  readonly difference: number;
  readonly probability: number;
  /** Cases that would show this difference; null where there is none, or where it would take more than anybody writes. */
  readonly casesNeeded: number | null;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** @param goal its level is shared among the pairs that are compared */
export function testPairs(cases: readonly PairedCase[], goal: PowerGoal = usualGoal): PairedTest {
  const whole = cases.map(({ first, second }) => second.passed - first.passed);
  const shares = cases.map(({ first }, index) => (whole[index] ?? 0) / first.judged);
  const answers = sum(cases.map(({ first }) => first.judged));
  const isSingle = cases.every(({ first }) => first.judged === 1);
  const share = (sign: number): number => whole.filter((one) => Math.sign(one) === sign).length / cases.length;
  return {
    method: isSingle ? 'mcnemar' : 'sign-flip',
    difference: answers > 0 ? sum(whole) / answers : 0,
    probability: signFlipProbability(whole),
    casesNeeded: isSingle
      ? casesNeeded({ onlyFirst: share(-1), onlySecond: share(1) }, goal)
      : casesNeededForDifferences(shares, goal),
  };
}

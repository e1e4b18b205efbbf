/** The same set run twice, by another model or version: what changed, case by case. */
import type { CaseId, CaseSet } from '../../shared/domain/lab/case-set';
import type { ContenderId, LabAnswer, LabRun } from '../../shared/domain/lab/run';
import type { CaseScore } from '../statistics/score-interval';
import { verdictFor, type LabVerdict } from '../statistics/verdict';
import { answersByCase, type AnswersByCase } from './counted-answers';
import { pairedCases, testPairs, type PairedTest } from './paired-cases';
import { caseScore } from './score';

/** One contender of one run. */
export interface RunSide {
  readonly run: LabRun;
  /** As it was when the run began. A copy of a set has other ids for the same cases. */
  readonly set: CaseSet;
  readonly answers: readonly LabAnswer[];
  readonly contenderId: ContenderId;
}

/**
 * A case passes when all its judged answers do. `fixed`: it passes now; `broken`: it no longer does; `cannot-tell`: one of the two has
 * no judged answer.
 */
export type Change = 'fixed' | 'broken' | 'same' | 'cannot-tell';

export interface CaseChange {
  readonly caseId: CaseId;
  readonly change: Change;
  readonly older: CaseScore;
  readonly newer: CaseScore;
}

export type History =
  /** The cases, checks or prompt are not the same, so that a change says nothing about the contender. */
  | { readonly comparable: false; readonly why: 'other-set' }
  | {
      readonly comparable: true;
      /** In the order of the set. */
      readonly changes: readonly CaseChange[];
      readonly test: PairedTest;
      /** Of the newer against the older. */
      readonly verdict: LabVerdict;
    };

/** @returns changes under the newer set's ids: the hash that both have to share fixes the order of the cases */
export function changesBetween(older: RunSide, newer: RunSide): History {
  if (older.run.setHash !== newer.run.setHash) return { comparable: false, why: 'other-set' };
  const after = answersByCase(newer.run, newer.set, newer.answers, newer.contenderId);
  const before = renamed(answersByCase(older.run, older.set, older.answers, older.contenderId), [...after.keys()]);
  const test = testPairs(pairedCases(before, after));
  return {
    comparable: true,
    changes: [...after].map(([id, answers]) => changeOf(id, caseScore(before.get(id) ?? []), caseScore(answers))),
    test,
    verdict: verdictFor(test.difference, test.probability),
  };
}

const renamed = (answers: AnswersByCase, ids: readonly CaseId[]): AnswersByCase =>
  new Map([...answers.values()].map((group, index) => [ids[index] ?? '', group]));

const isPassed = ({ passed, judged }: CaseScore): boolean => passed === judged;

function changeOf(caseId: CaseId, older: CaseScore, newer: CaseScore): CaseChange {
  const sides = { caseId, older, newer };
  if (older.judged === 0 || newer.judged === 0) return { ...sides, change: 'cannot-tell' };
  if (isPassed(older) === isPassed(newer)) return { ...sides, change: 'same' };
  return { ...sides, change: isPassed(newer) ? 'fixed' : 'broken' };
}

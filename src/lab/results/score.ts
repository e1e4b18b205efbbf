/** How many answers of a contender pass, and how sure that is. */
import type { LabAnswer } from '../../shared/domain/lab/run';
import { clusteredInterval, type CaseScore, type ShareInterval } from '../statistics/score-interval';
import { outcomeOf } from './counted-answers';

export interface Score {
  readonly passed: number;
  /** Passed or failed. The share is of these. */
  readonly judged: number;
  /** No check could decide, and the person has not: neither passed nor failed. */
  readonly undecided: number;
  /** Not answered yet. */
  readonly missing: number;
  /** Of those judged: by the person's own verdict. */
  readonly personal: number;
  /** 95 %; null where nothing was judged. */
  readonly interval: ShareInterval | null;
}

export function caseScore(answers: readonly LabAnswer[]): CaseScore {
  const outcomes = answers.map(outcomeOf);
  return {
    passed: outcomes.filter((outcome) => outcome === 'pass').length,
    judged: outcomes.filter((outcome) => outcome !== 'none').length,
  };
}

/**
 * @param cases the answers to each case, also to those without any
 * @param samples answers that each case is to get
 */
export function scoreOf(cases: readonly (readonly LabAnswer[])[], samples: number): Score {
  const scores = cases.map(caseScore);
  const answers = cases.flat();
  const judged = scores.reduce((sum, score) => sum + score.judged, 0);
  return {
    passed: scores.reduce((sum, score) => sum + score.passed, 0),
    judged,
    undecided: answers.length - judged,
    missing: cases.length * samples - answers.length,
    personal: answers.filter(({ personal }) => personal !== undefined).length,
    interval: clusteredInterval(scores),
  };
}

/** Between 0 and 1; null where nothing was judged. */
export const shareOf = ({ passed, judged }: CaseScore): number | null => (judged > 0 ? passed / judged : null);

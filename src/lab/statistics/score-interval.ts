/** Intervals for the share of cases that a contender passes. */
import { studentQuantile } from '../../shared/domain/benchmark/student-t';
import { normalQuantile } from './normal';

/** Between 0 and 1. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/** The answers to one case that could be judged. */
export interface CaseScore {
  readonly passed: number;
  readonly judged: number;
}

/** Not rounded: the effective number of answers need not be whole. */
function wilson(share: number, count: number, z: number): ShareInterval {
  const weight = (z * z) / count;
  const center = (share + weight / 2) / (1 + weight);
  const reach = (z * Math.sqrt((share * (1 - share)) / count + (weight / count) * 0.25)) / (1 + weight);
  return { low: share === 0 ? 0 : Math.max(0, center - reach), high: share === 1 ? 1 : Math.min(1, center + reach) };
}

/**
 * Wilson's score interval for `passed` of `judged` independent cases: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). It stays
 * between 0 and 1, and holds what it promises on average from few cases on, where p ± z·√(p(1−p)/n) does not.
 * Source: E. B. Wilson, JASA 22 (1927); L. Brown, T. Cai, A. DasGupta, Statistical Science 16 (2001).
 * @returns null where nothing was judged
 */
export function wilsonInterval(passed: number, judged: number, confidence = 0.95): ShareInterval | null {
  return judged > 0 ? wilson(passed / judged, judged, normalQuantile((1 + confidence) / 2)) : null;
}

/**
 * The interval where some cases were answered more than once. Answers to one case resemble each other: ten answers to each of
 * twenty cases are worth more than twenty answers and less than two hundred. The linearized variance of the ratio over cases says
 * how many independent answers they are worth, n* = p(1−p) / variance, held between the number of cases and that of answers.
 * Wilson's interval is taken of those, with Student's t of one degree less than there are cases.
 *
 * A bootstrap over cases was not chosen: it has no width where every case passes, and covers too little with few cases.
 * Source: E. Korn, B. Graubard, Survey Methodology 24 (1998); C. Franco, R. Little, T. Louis, E. Slud, Journal of Survey
 * Statistics and Methodology 7 (2019).
 * @returns null where nothing was judged
 */
export function clusteredInterval(cases: readonly CaseScore[], confidence = 0.95): ShareInterval | null {
  const judged = cases.filter((one) => one.judged > 0);
  const passed = judged.reduce((total, one) => total + one.passed, 0);
  const answers = judged.reduce((total, one) => total + one.judged, 0);
  if (judged.every((one) => one.judged === 1) || judged.length < 2)
    return wilsonInterval(judged.length === 1 ? passed / answers : passed, judged.length, confidence);
  const share = passed / answers;
  const squares = judged.reduce((total, one) => total + (one.passed - share * one.judged) ** 2, 0);
  const variance = (squares * judged.length) / (judged.length - 1) / answers ** 2;
  // All answers alike: nothing shows how much those to one case differ, so that they count once.
  const worth = share === 0 || share === 1 ? judged.length : (share * (1 - share)) / variance;
  const effective = Math.min(answers, Math.max(judged.length, worth));
  return wilson(share, effective, studentQuantile((1 + confidence) / 2, judged.length - 1));
}

import type { CaseTrouble, Contender, ContenderId } from '../../shared/domain/lab/run';
import { formatCount, formatDecimals, formatExpectedRate, formatPercent } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { Comparison } from '../results/compare';
import type { ShareInterval } from '../statistics/score-interval';

/** "p = 0.012", "p < 0.001": written the same way in every language. */
export function probabilityWords(probability: number): string {
  if (probability < 0.001) return `p < ${formatDecimals(0.001, 3)}`;
  return `p = ${formatDecimals(probability, probability < 0.1 ? 3 : 2)}`;
}

/** What the comparison of two contenders comes to, in a sentence or two. Never a winner without a test that says so. */
export function verdictWords(comparison: Comparison, contenders: readonly Contender[]): string {
  const { verdict, cases, adjusted, casesNeeded, difference, first, second } = comparison;
  const p = probabilityWords(adjusted);
  const count = cases;
  if (count === 0) return m.lab_verdict_nothing_shared();
  if (verdict !== 'cannot-tell')
    return m.lab_verdict_better({ name: nameOf(verdict === 'better' ? second : first, contenders), p });
  if (difference === 0) return m.lab_verdict_alike({ count });
  if (casesNeeded === null) return m.lab_verdict_too_small({ count, p });
  return m.lab_verdict_needed({ count, needed: formatExpectedRate(casesNeeded), p });
}

export const nameOf = (id: ContenderId, contenders: readonly Contender[]): string =>
  contenders.find((contender) => contender.id === id)?.name ?? id;

/** "61–88%", or null where nothing was judged. */
export const intervalWords = (interval: ShareInterval | null): string | null =>
  interval && `${formatCount(100 * interval.low)}–${formatPercent(interval.high)}`;

export function troubleWords(kind: CaseTrouble): string {
  switch (kind) {
    case 'too-long':
      return m.lab_trouble_too_long();
    case 'engine-failed':
      return m.lab_trouble_engine_failed();
    case 'no-room':
      return m.lab_trouble_no_room();
    case 'variable-missing':
      return m.lab_trouble_variable_missing();
  }
}

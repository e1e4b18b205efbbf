import type { Difference } from '../statistics/comparison';
import { formatFine, formatFinePercent } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';

/** What a comparison comes to, in a sentence. */
export function verdictWords(difference: Difference | null): string {
  if (!difference) return m.bench_verdict_none();
  const { verdict, ratio, low, high, detectable } = difference;
  const figures = { ratio: formatFine(ratio), low: formatFine(low), high: formatFine(high) };
  switch (verdict) {
    case 'faster':
      return m.bench_verdict_faster(figures);
    case 'slower':
      return m.bench_verdict_slower(figures);
    case 'same':
      return m.bench_verdict_same();
    case 'cannot-tell':
      return m.bench_verdict_cannot_tell({ detectable: formatFinePercent(detectable - 1) });
  }
}

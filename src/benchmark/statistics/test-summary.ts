/** One row of a result from its repetitions: the headline is the median of the valid ones. */
import type { SkipReason } from '../../shared/domain/benchmark/reasons';
import type { ResultRep, ResultTest } from './result';
import type { TestShape } from '../../shared/domain/benchmark/shapes';
import { testName } from '../../shared/domain/benchmark/shapes';
import { mean, median, rateInterval, standardDeviation } from '../../shared/domain/benchmark/statistics';
import { intervalFigures } from '../../shared/domain/benchmark/token-times';
import { drift } from './trend';

export interface TestParts {
  readonly shape: TestShape;
  readonly depthActual: number | null;
  readonly reps: readonly ResultRep[];
  readonly warmUps: number;
  /** Time of each token after the first, ms, of all valid repetitions. */
  readonly intervals: readonly number[];
  readonly timerMs: number;
  readonly skipped: SkipReason | null;
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
const medianOf = (values: readonly (number | null)[]): number | null =>
  orNull(median(values.filter((value) => value !== null)));

/** The rates that count. */
export const validRates = (reps: readonly ResultRep[]): number[] =>
  reps.flatMap(({ valid, ts }) => (valid && ts !== null ? [ts] : []));

export type RateFigures = Pick<
  ResultTest,
  'median_ts' | 'mean_ts' | 'stddev_ts' | 'min_ts' | 'max_ts' | 'ci95_ts' | 'ttft_ms' | 'user_ts' | 'drift'
>;

/** What follows from the repetitions alone, so that an imported file cannot say something else. */
export function rateFigures(reps: readonly ResultRep[]): RateFigures {
  const valid = reps.filter((rep) => rep.valid && rep.ts !== null);
  const rates = validRates(reps);
  const interval = rateInterval(rates);
  const points = valid.map(({ t_start, ts }) => ({ x: t_start * 1000, y: ts ?? Number.NaN }));
  const { change, probability } = drift(points);
  return {
    median_ts: orNull(median(rates)),
    mean_ts: orNull(mean(rates)),
    stddev_ts: orNull(standardDeviation(rates)),
    min_ts: rates.length > 0 ? Math.min(...rates) : null,
    max_ts: rates.length > 0 ? Math.max(...rates) : null,
    ci95_ts: interval && [interval.low, interval.high],
    ttft_ms: medianOf(valid.map(({ ttft_ms }) => ttft_ms)),
    user_ts: medianOf(valid.map(({ user_ts }) => user_ts)),
    drift: points.length < 3 || !Number.isFinite(change) ? null : { change, p: probability },
  };
}

/** Half the 95 % interval as a share; null with fewer than two valid repetitions. */
export const precisionOf = (reps: readonly ResultRep[]): number | null =>
  rateInterval(validRates(reps))?.halfWidth ?? null;

export function summarizeTest(parts: TestParts): ResultTest {
  const { shape, reps, timerMs } = parts;
  const valid = reps.filter((rep) => rep.valid);
  const unclear = valid.some(({ tags }) => tags.includes('chunked') || tags.includes('count-mismatch'));
  return {
    name: testName(shape),
    kind: shape.kind,
    n_prompt: shape.kind === 'pp' ? shape.tokens : 0,
    n_gen: shape.kind === 'tg' ? shape.tokens : 0,
    n_depth: shape.depth,
    n_depth_actual: parts.depthActual,
    reps,
    warmups: parts.warmUps,
    ...rateFigures(reps),
    itl:
      shape.kind === 'tg' && valid.length > 0
        ? intervalFigures(parts.intervals, timerMs, !unclear && timerMs <= 1)
        : null,
    mbu: null,
    tg_roof: null,
    budget_ms: null,
    skipped: parts.skipped,
  };
}

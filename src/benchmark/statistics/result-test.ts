/** The tests of a result and their repetitions: a part of the layout in `result.ts`. */
import * as v from 'valibot';
import { repCauses, repTags, skipReasons } from '../../shared/domain/benchmark/reasons';
import { amount, amountOrNull, boolean, count, list, number, numberOrNull } from './rules';

export const resultRep = v.object({
  valid: boolean,
  reasons: list(v.picklist(repCauses), 20),
  tags: list(v.picklist(repTags), 20),
  order: count,
  /** Seconds since the start of the run. */
  t_start: number,
  n: v.pipe(count, v.description('Tokens that were timed: for tg one fewer than were generated.')),
  /** Nanoseconds in which they came. */
  ns: amount,
  ts: amountOrNull,
  ttft_ms: numberOrNull,
  itl_us_b64: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(200_000),
      v.regex(/^[A-Za-z0-9+/]*={0,2}$/),
      v.description(
        'Intervals between tokens: unsigned 16-bit little-endian numbers in units of itl_unit_us, deflated (raw), Base64. Left out of links and pictures.',
      ),
    ),
  ),
  /** µs. */
  itl_unit_us: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(100_000))),
  user_ts: amountOrNull,
  canary_ms: amount,
  engine: v.pipe(
    v.nullable(
      v.object({
        prompt_n: amount,
        prompt_ms: amount,
        predicted_n: amount,
        intervals: amount,
        predicted_ms: amount,
        cache_n: amountOrNull,
      }),
    ),
    v.description("What the engine's own clock says: a cross-check."),
  ),
});

export const resultTest = v.object({
  name: v.pipe(v.string(), v.maxLength(40), v.regex(/^(pp|tg)\d{1,7}( @ d\d{1,7})?$/)),
  kind: v.picklist(['pp', 'tg']),
  n_prompt: count,
  n_gen: count,
  n_depth: count,
  n_depth_actual: amountOrNull,
  reps: list(resultRep, 5000),
  warmups: count,
  median_ts: amountOrNull,
  mean_ts: amountOrNull,
  stddev_ts: amountOrNull,
  min_ts: amountOrNull,
  max_ts: amountOrNull,
  ci95_ts: v.pipe(
    v.nullable(v.strictTuple([amount, amount])),
    v.description("Student's t on the mean of the logarithms of the valid rates."),
  ),
  /** Median time to the first token, ms. */
  ttft_ms: numberOrNull,
  /** As the page got them, before it drew anything. */
  user_ts: amountOrNull,
  itl: v.nullable(
    v.object({
      p50: numberOrNull,
      p95: numberOrNull,
      p99: numberOrNull,
      jitter: numberOrNull,
      stalls: v.object({ n: count, ms: number }),
    }),
  ),
  drift: v.nullable(v.object({ change: number, p: amount })),
  mbu: amountOrNull,
  tg_roof: amountOrNull,
  budget_ms: v.nullable(v.object({ mem: amount, disp: amount, sync: amount, rest: amount, explained: amount })),
  skipped: v.nullable(v.picklist(skipReasons)),
});

import type { BenchmarkResult } from '../statistics/result';
import { testName } from '../../shared/domain/benchmark/shapes';
import { mean, standardDeviation } from '../../shared/domain/benchmark/statistics';
import { studentQuantile } from '../../shared/domain/benchmark/student-t';
import { validRates } from '../statistics/test-summary';
import type { ForeignRow } from '../formats/foreign-rows';

export interface NativeRatio {
  readonly name: string;
  /** Tokens per second, means of the repetitions: that is what llama-bench tells. */
  readonly native: number;
  readonly here: number;
  /** Browser against native. */
  readonly ratio: number;
  /** 95 % interval; null where one of the two has no spread. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Every test that was made on both sides. */
export function nativeRatios({ tests }: BenchmarkResult, rows: readonly ForeignRow[]): NativeRatio[] {
  return tests.flatMap((test) => {
    const row = rows.find(({ shape }) => testName(shape) === test.name);
    const rates = validRates(test.reps);
    if (!row || rates.length === 0) return [];
    const here = mean(rates);
    const ratio = here / row.rate;
    const reach = reachOf(rates, row);
    return [
      {
        name: test.name,
        native: row.rate,
        here,
        ratio,
        low: reach === null ? null : ratio * Math.exp(-reach),
        high: reach === null ? null : ratio * Math.exp(reach),
      },
    ];
  });
}

/** Half the interval of the logarithm of the ratio (Welch). */
function reachOf(rates: readonly number[], row: ForeignRow): number | null {
  const samples = row.samples.length;
  if (rates.length < 2 || samples < 2 || row.spread === null) return null;
  const own = (standardDeviation(rates) / mean(rates)) ** 2 / rates.length;
  const native = (row.spread / row.rate) ** 2 / samples;
  const squares = own ** 2 / (rates.length - 1) + native ** 2 / (samples - 1);
  if (squares === 0) return 0;
  return studentQuantile(0.975, Math.max(1, (own + native) ** 2 / squares)) * Math.sqrt(own + native);
}

/** V13: the statistics against those of numpy 2 and scipy 1.17, which wrote the fixture. */
import { describe, expect, it } from 'vitest';
import {
  geometricMean,
  mean,
  median,
  medianDeviation,
  quantile,
  rateInterval,
  standardDeviation,
} from '../../../src/shared/domain/benchmark/statistics';
import { studentProbability, studentQuantile } from '../../../src/shared/domain/benchmark/student-t';
import { drift, kendallProbability, theilSenSlope } from '../../../src/benchmark/statistics/trend';
import expected from '../../fixtures/statistics-by-scipy.json';

const close = (actual: number, wanted: number, relative = 1e-6): void => {
  expect(Math.abs(actual - wanted), `${actual} for ${wanted}`).toBeLessThanOrEqual(
    relative * Math.max(1, Math.abs(wanted)),
  );
};
const points = ({ x, y }: { x: number[]; y: number[] }): { x: number; y: number }[] =>
  x.map((at, index) => ({ x: at, y: y[index] ?? Number.NaN }));

describe('Student’s t', () => {
  it('has the quantiles and probabilities of scipy', () => {
    for (const { p, df, t } of expected.t) close(studentQuantile(p, df), t);
    for (const { t, df, p } of expected.cdf) close(studentProbability(t, df), p, 1e-9);
  });

  it('has no quantile where there is none', () => {
    for (const [p, freedom] of [
      [0, 3],
      [1, 3],
      [0.9, 0],
      [Number.NaN, 2],
    ] as const)
      expect(studentQuantile(p, freedom)).toBeNaN();
  });
});

describe('a sample', () => {
  it('has the quantiles, mean and deviations of numpy', () => {
    for (const { values, quantiles, mean: center, sd, mad } of expected.samples) {
      for (const { p, q } of quantiles) close(quantile(values, p), q, 1e-12);
      close(mean(values), center, 1e-12);
      close(medianDeviation(values), mad, 1e-12);
      if (sd === null) expect(standardDeviation(values)).toBeNaN();
      else close(standardDeviation(values), sd, 1e-12);
    }
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
    expect(mean([])).toBeNaN();
  });

  it('has a geometric mean', () => {
    close(geometricMean([1, 10, 100]), 10, 1e-12);
  });
});

describe('the interval of a rate', () => {
  it('is Student’s t on the logarithms', () => {
    for (const { values, low, high } of expected.intervals) {
      const interval = rateInterval(values);
      if (!interval) throw new Error('no interval');
      close(interval.low, low);
      close(interval.high, high);
      close(interval.halfWidth, Math.sqrt(high / low) - 1);
    }
  });

  it('is none for one value, or a rate that is none', () => {
    for (const rates of [[], [5], [5, 0], [5, -1], [5, Infinity], [5, Number.NaN]])
      expect(rateInterval(rates)).toBeNull();
  });
});

describe('a drift', () => {
  it('has the slope and the probability of scipy', () => {
    for (const trend of expected.trends) {
      close(theilSenSlope(points(trend)), trend.slope, 1e-9);
      // Beyond 40 points ours is corrected for continuity, scipy's is not.
      expect(Math.abs(kendallProbability(points(trend)) - trend.p)).toBeLessThan(trend.exact ? 1e-9 : 0.02);
    }
  });

  it('is one when it is large and hardly by chance', () => {
    const falling = [100, 98, 97, 95, 93, 91, 90].map((y, x) => ({ x: x * 1000, y }));
    expect(drift(falling)).toMatchObject({ drifts: true });
    expect(drift(falling).change).toBeCloseTo(-0.1105, 4);
    expect(drift([100, 101, 99, 100, 102, 99].map((y, x) => ({ x, y }))).drifts).toBe(false);
    // One slow repetition among many is none.
    expect(drift([100, 100, 100, 100, 50, 100, 100].map((y, x) => ({ x, y }))).drifts).toBe(false);
    expect(
      drift([
        { x: 0, y: 100 },
        { x: 1, y: 50 },
      ]).drifts,
    ).toBe(false);
  });
});

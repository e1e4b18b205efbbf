/** The statistics of the suite. Functions of few values answer NaN rather than a number that nothing stands behind. */
import { studentQuantile } from './student-t';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Quantile of type 7 (linear between the two nearest), as numpy and R do by default. */
export function quantile(values: readonly number[], probability: number): number {
  const sorted = ascending(values);
  const position = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Of a sample (n − 1); NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - center) ** 2)) / (values.length - 1));
}

/** Median of the distances from the median. */
export function medianDeviation(values: readonly number[]): number {
  const center = median(values);
  return median(values.map((value) => Math.abs(value - center)));
}

/** An interval in the unit of the values, and half its width as a share of the middle. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly halfWidth: number;
}

/**
 * 95 % interval of a rate: Student's t on the mean of the logarithms. Bootstraps of a median cover far less than they say
 * for so few values. Null for fewer than two values, or any that is not positive.
 */
export function rateInterval(rates: readonly number[], confidence = 0.95): Interval | null {
  if (rates.length < 2 || rates.some((rate) => !(rate > 0 && Number.isFinite(rate)))) return null;
  const logs = rates.map(Math.log);
  const center = mean(logs);
  const reach =
    (studentQuantile((1 + confidence) / 2, logs.length - 1) * standardDeviation(logs)) / Math.sqrt(logs.length);
  return { low: Math.exp(center - reach), high: Math.exp(center + reach), halfWidth: Math.expm1(reach) };
}

export const geometricMean = (values: readonly number[]): number => Math.exp(mean(values.map(Math.log)));

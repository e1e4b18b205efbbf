/** Whether a row of values drifts: a slope that outliers cannot fake, and how surely it is one. */
import { median } from '../../shared/domain/benchmark/statistics';

export interface Point {
  /** When, in ms. */
  readonly x: number;
  readonly y: number;
}

interface Pairs {
  readonly slopes: readonly number[];
  /** Pairs that rise, less those that fall. */
  readonly balance: number;
}

function pairs(points: readonly Point[]): Pairs {
  const slopes: number[] = [];
  let balance = 0;
  points.forEach((left, index) => {
    for (const right of points.slice(index + 1)) {
      if (right.x === left.x) continue;
      slopes.push((right.y - left.y) / (right.x - left.x));
      balance += Math.sign((right.y - left.y) * (right.x - left.x));
    }
  });
  return { slopes, balance };
}

/** Median of the slopes of all pairs (Theil–Sen), in the unit of y per ms. NaN for fewer than two points. */
export const theilSenSlope = (points: readonly Point[]): number => median(pairs(points).slopes);

/** How many orders of n values have which balance of rising and falling pairs, by index from −n(n−1)/2 in steps of 2. */
function orders(n: number): number[] {
  let counts = [1];
  for (let values = 2; values <= n; values += 1) {
    const next = new Array<number>(counts.length + values - 1).fill(0);
    counts.forEach((count, index) => {
      for (let shift = 0; shift < values; shift += 1) next[index + shift] = (next[index + shift] ?? 0) + count;
    });
    counts = next;
  }
  return counts;
}

/** The error of the normal approximation is below a percent from here on. */
const mostExact = 40;

/** Two-sided p of Kendall's test for a trend; exact for as many points as a run has. 1 for fewer than three. */
export function kendallProbability(points: readonly Point[]): number {
  const n = points.length;
  if (n < 3) return 1;
  const { balance } = pairs(points);
  if (n > mostExact) {
    const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
    return 2 * normalTail(Math.max(0, Math.abs(balance) - 1) / deviation);
  }
  const counts = orders(n);
  const all = counts.reduce((total, count) => total + count, 0);
  const most = (n * (n - 1)) / 2;
  const asExtreme = counts.reduce(
    (total, count, index) => (Math.abs(2 * index - most) >= Math.abs(balance) ? total + count : total),
    0,
  );
  return Math.min(1, asExtreme / all);
}

/** P(Z > z) for z ≥ 0, to seven digits (Abramowitz and Stegun 26.2.17). */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

export interface Drift {
  /** Change over the whole span as a share of the median: −0.1 is a tenth slower at the end. */
  readonly change: number;
  readonly probability: number;
  /** More than 5 %, and hardly by chance (p < 0.1). */
  readonly drifts: boolean;
}

export function drift(points: readonly Point[]): Drift {
  const span = Math.max(...points.map(({ x }) => x)) - Math.min(...points.map(({ x }) => x));
  const change = (theilSenSlope(points) * span) / median(points.map(({ y }) => y));
  const probability = kendallProbability(points);
  return { change, probability, drifts: Math.abs(change) > 0.05 && probability < 0.1 };
}

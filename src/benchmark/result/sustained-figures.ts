/** From the tokens of a long run to what is left of the speed when the device is hot. */
import type { ResultSustained } from '../statistics/result';
import { median } from '../../shared/domain/benchmark/statistics';

/** Tokens that were generated in one stretch: intervals between stamps, ms since the start. */
export interface Segment {
  readonly stamps: readonly number[];
}

const binMs = 10_000;
const windowMs = 30_000;
const peakWithinMs = 60_000;

interface Pace {
  /** Middle of the bin, ms. */
  readonly at: number;
  readonly rate: number;
}

/**
 * @param segments of the run itself, in order; the time between them, in which prompts were read, belongs to no token
 * @param recovery tokens per second after a minute of rest
 */
export function sustainedFigures(
  segments: readonly Segment[],
  minutes: number,
  recovery: number | null,
): ResultSustained {
  const bins = binRates(segments, minutes * 60_000);
  const paces = bins.flatMap((rate, index): Pace[] => (rate === null ? [] : [{ at: (index + 0.5) * binMs, rate }]));
  const rolling = paces.map(({ at }) => ({ at, rate: median(around(paces, at)) }));
  const early = rolling.filter(({ at }) => at <= peakWithinMs);
  const peak = early.length > 0 ? Math.max(...early.map(({ rate }) => rate)) : null;
  const end = paces.at(-1)?.at ?? 0;
  const late = paces.filter(({ at }) => at > end - 60_000).map(({ rate }) => rate);
  const kept = late.length > 0 ? median(late) : null;
  return {
    minutes,
    bins,
    peak_ts: peak,
    sustained_ts: kept,
    drop: peak !== null && kept !== null ? 1 - kept / peak : null,
    t90_s: peak === null ? null : staysUnder(rolling, 0.9 * peak),
    knee_s: knee(paces),
    recovery_ts: recovery,
  };
}

/** Tokens per second of generating in each bin of 10 s; an interval counts where it ends. */
function binRates(segments: readonly Segment[], totalMs: number): (number | null)[] {
  const bins = Array.from({ length: Math.max(1, Math.round(totalMs / binMs)) }, () => ({ tokens: 0, ms: 0 }));
  for (const { stamps } of segments) {
    stamps.slice(1).forEach((stamp, index) => {
      const bin = bins[Math.floor(stamp / binMs)];
      if (!bin) return;
      bin.tokens += 1;
      bin.ms += stamp - (stamps[index] ?? stamp);
    });
  }
  return bins.map(({ tokens, ms }) => (tokens > 0 && ms > 0 ? (1000 * tokens) / ms : null));
}

const around = (paces: readonly Pace[], at: number): number[] =>
  paces.filter((pace) => Math.abs(pace.at - at) <= windowMs / 2).map(({ rate }) => rate);

/** Seconds until the pace is under the limit for good; null when it comes back, or never is. */
function staysUnder(rolling: readonly Pace[], limit: number): number | null {
  const lastAbove = rolling.findLastIndex(({ rate }) => rate >= limit);
  const first = rolling[lastAbove + 1];
  return first ? first.at / 1000 : null;
}

/** Where a level line turns into a falling one, which may end in another level: the best fit, in seconds. Null where it explains hardly more than one level does. */
function knee(paces: readonly Pace[]): number | null {
  if (paces.length < 6) return null;
  const flat = squares(paces, () => average(paces));
  let best = { squares: Infinity, at: 0 };
  paces.slice(2, -2).forEach(({ at: bend }, index) => {
    for (const { at: level } of paces.slice(index + 4)) {
      const fit = bentFit(paces, bend, level);
      if (fit < best.squares) best = { squares: fit, at: bend };
    }
  });
  return best.squares < 0.5 * flat ? best.at / 1000 : null;
}

/** Least squares of level before `bend`, straight from there to `level`, and level again. */
function bentFit(paces: readonly Pace[], bend: number, level: number): number {
  const along = (at: number): number => Math.min(Math.max(0, at - bend), level - bend);
  const points = paces.map(({ at, rate }) => ({ x: along(at), y: rate }));
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = spread === 0 ? 0 : points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return squares(paces, (at) => meanY + slope * (along(at) - meanX));
}

const average = (paces: readonly Pace[]): number => paces.reduce((sum, { rate }) => sum + rate, 0) / paces.length;
const squares = (paces: readonly Pace[], model: (at: number) => number): number =>
  paces.reduce((sum, { at, rate }) => sum + (rate - model(at)) ** 2, 0);

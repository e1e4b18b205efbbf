/**
 * From stamps to rates. Everything is in ms and tokens per second; a figure that the stamps do not hold is null, never
 * Infinity and never 0.
 */
import { median, medianDeviation, quantile } from './statistics';

export interface TokenTimes {
  /** When the call was made, by the clock of the stamps. */
  readonly requestedAt: number;
  /** One for each chunk, when it was available. */
  readonly stamps: readonly number[];
  /** Tokens in each chunk; absent where each is one token. */
  readonly chunkTokens?: readonly number[] | undefined;
}

const chunkSize = ({ chunkTokens }: TokenTimes, index: number): number => chunkTokens?.[index] ?? 1;

export const tokenCount = (times: TokenTimes): number =>
  times.stamps.reduce((total, _, index) => total + chunkSize(times, index), 0);

/** From the call to the first token. */
export function timeToFirstToken({ requestedAt, stamps }: TokenTimes): number | null {
  const first = stamps[0];
  return first === undefined ? null : first - requestedAt;
}

/** Tokens per second after the first chunk: what came with it took no time that can be seen. */
export function decodeRate(times: TokenTimes): number | null {
  const first = times.stamps[0];
  const last = times.stamps.at(-1);
  const tokens = tokenCount(times) - chunkSize(times, 0);
  if (first === undefined || last === undefined || !(last > first) || tokens < 1) return null;
  return (1000 * tokens) / (last - first);
}

/** Tokens per second of a prompt; null where no time was seen to pass. */
export const prefillRate = (tokens: number, milliseconds: number): number | null =>
  tokens > 0 && milliseconds > 0 ? (1000 * tokens) / milliseconds : null;

/** Time for each token after the first, ms: that of a chunk of several is shared among them. */
export function tokenIntervals(times: TokenTimes): number[] {
  return times.stamps.slice(1).map((stamp, index) => {
    const before = times.stamps[index] ?? stamp;
    return (stamp - before) / chunkSize(times, index + 1);
  });
}

/** Share of chunks that are not exactly one token. */
export function chunkedShare(times: TokenTimes): number {
  if (times.stamps.length === 0) return 0;
  const odd = times.stamps.filter((_, index) => chunkSize(times, index) !== 1).length;
  return odd / times.stamps.length;
}

export interface IntervalFigures {
  readonly p50: number | null;
  /** Null with fewer than 100 intervals, a clock coarser than a tenth of p50, or tokens that came in chunks. */
  readonly p95: number | null;
  /** The same, with 500 intervals. */
  readonly p99: number | null;
  /** Robust spread as a share of the median. */
  readonly jitter: number | null;
  /** Intervals longer than three medians and 50 ms: how many, and by how much in all (ms). */
  readonly stalls: { readonly n: number; readonly ms: number };
}

const noIntervals: IntervalFigures = { p50: null, p95: null, p99: null, jitter: null, stalls: { n: 0, ms: 0 } };

/**
 * @param intervals of all valid repetitions together, ms
 * @param timerMs the smallest step of the clock
 * @param percentiles false where chunks or a mismatch of counts forbid them
 */
export function intervalFigures(intervals: readonly number[], timerMs: number, percentiles = true): IntervalFigures {
  if (intervals.length === 0) return noIntervals;
  const p50 = median(intervals);
  const fine = percentiles && timerMs <= p50 / 10;
  const stallAfter = Math.max(3 * p50, 50);
  const stalls = intervals.filter((interval) => interval > stallAfter);
  return {
    p50,
    p95: fine && intervals.length >= 100 ? quantile(intervals, 0.95) : null,
    p99: fine && intervals.length >= 500 ? quantile(intervals, 0.99) : null,
    jitter: p50 > 0 ? (1.4826 * medianDeviation(intervals)) / p50 : null,
    stalls: { n: stalls.length, ms: stalls.reduce((total, interval) => total + interval - p50, 0) },
  };
}

/** Two prompts of different length: the speed of reading without what every request costs. */
export interface PrefillLine {
  /** Tokens per second. */
  readonly rate: number;
  /** What a request costs before its first token, ms. */
  readonly overheadMs: number;
}

/** Null unless the longer prompt took longer. */
export function prefillLine(short: PromptTime, long: PromptTime): PrefillLine | null {
  const tokens = long.tokens - short.tokens;
  const milliseconds = long.milliseconds - short.milliseconds;
  if (!(tokens > 0 && milliseconds > 0)) return null;
  const rate = (1000 * tokens) / milliseconds;
  return { rate, overheadMs: short.milliseconds - (1000 * short.tokens) / rate };
}

export interface PromptTime {
  readonly tokens: number;
  readonly milliseconds: number;
}

/** Whether a third prompt lies on the line, within 10 %: else neither slope nor overhead mean much. */
export const isOnLine = ({ rate, overheadMs }: PrefillLine, { tokens, milliseconds }: PromptTime): boolean =>
  Math.abs(overheadMs + (1000 * tokens) / rate - milliseconds) < 0.1 * milliseconds;

/** Share of tokens that arrive in time for a reader: the first within a second, each further one 100 ms later. */
export function readingShare(times: TokenTimes): number | null {
  const total = tokenCount(times);
  if (total === 0) return null;
  let before = 0;
  let inTime = 0;
  times.stamps.forEach((stamp, index) => {
    const size = chunkSize(times, index);
    for (let token = before; token < before + size; token += 1)
      if (stamp - times.requestedAt <= 1000 + token * 100) inTime += 1;
    before += size;
  });
  return inTime / total;
}

/** V1: every figure against schedules whose truth is computed by hand. */
import { describe, expect, it } from 'vitest';
import {
  chunkedShare,
  decodeRate,
  intervalFigures,
  isOnLine,
  prefillLine,
  prefillRate,
  readingShare,
  timeToFirstToken,
  tokenCount,
  tokenIntervals,
} from '../../../src/shared/domain/benchmark/token-times';

const close = (actual: number | null, wanted: number): void => {
  expect(Math.abs((actual ?? Number.NaN) / wanted - 1)).toBeLessThan(1e-9);
};
/** n tokens, the first `ttft` after the request at 1000, then one every `gap`. */
const constant = (n: number, gap: number, ttft = 100) => ({
  requestedAt: 1000,
  stamps: Array.from({ length: n }, (_, index) => 1000 + ttft + index * gap),
});

describe('the rate of writing', () => {
  it('counts intervals: n + 1 tokens are n intervals', () => {
    close(decodeRate(constant(129, 8)), 125);
    close(decodeRate(constant(2, 40)), 25);
  });

  it('knows nothing of the time to the first token', () => {
    close(decodeRate(constant(65, 20, 5)), 50);
    close(decodeRate(constant(65, 20, 50_000)), 50);
  });

  it.each([
    ['no token', []],
    ['one token', [5]],
    ['two at the same moment', [5, 5]],
    ['a clock that went back', [5, 4]],
  ])('is none for %s, and never Infinity', (_, stamps) => {
    expect(decodeRate({ requestedAt: 0, stamps })).toBeNull();
  });

  it('counts the tokens of chunks, those of the first excepted', () => {
    // 3 + 2 + 5 tokens at 0, 100 and 350 ms: 7 in 350 ms.
    const times = { requestedAt: 0, stamps: [10, 110, 360], chunkTokens: [3, 2, 5] };
    close(decodeRate(times), 20);
    expect(tokenCount(times)).toBe(10);
    expect(tokenIntervals(times)).toEqual([50, 50]);
    expect(chunkedShare(times)).toBe(1);
    expect(chunkedShare(constant(10, 5))).toBe(0);
    expect(chunkedShare({ requestedAt: 0, stamps: [] })).toBe(0);
  });

  it('is the total, not the mean of the single rates', () => {
    const stamps = [0, 10, 100];
    close(decodeRate({ requestedAt: -5, stamps }), 20);
  });
});

describe('the time to the first token', () => {
  it('is from the call to the first stamp', () => {
    expect(timeToFirstToken(constant(5, 10, 123))).toBe(123);
    expect(timeToFirstToken({ requestedAt: 0, stamps: [] })).toBeNull();
  });
});

describe('reading', () => {
  it('has a rate where time passed', () => {
    close(prefillRate(512, 640), 800);
    expect(prefillRate(512, 0)).toBeNull();
    expect(prefillRate(0, 100)).toBeNull();
  });

  it('is told apart from what every request costs', () => {
    // 30 ms once, and 2 ms a token.
    const at = (tokens: number) => ({ tokens, milliseconds: 30 + 2 * tokens });
    const line = prefillLine(at(64), at(512));
    if (!line) throw new Error('no line');
    close(line.rate, 500);
    close(line.overheadMs, 30);
    expect(isOnLine(line, at(1024))).toBe(true);
    expect(isOnLine(line, { tokens: 1024, milliseconds: 3000 })).toBe(false);
    expect(prefillLine(at(64), { tokens: 512, milliseconds: 10 })).toBeNull();
    expect(prefillLine(at(64), at(64))).toBeNull();
  });
});

describe('the intervals', () => {
  const jittered = Array.from({ length: 600 }, (_, index) => 20 + (index % 3) - 1);

  it('have their percentiles', () => {
    const figures = intervalFigures(jittered, 0.005);
    expect(figures).toMatchObject({ p50: 20, p95: 21, p99: 21, stalls: { n: 0, ms: 0 } });
    // Two thirds are 1 away from the median, so the median of the distances is 1.
    close(figures.jitter, 1.4826 / 20);
  });

  it('have no percentile that they do not hold', () => {
    expect(intervalFigures(jittered.slice(0, 99), 0.005)).toMatchObject({ p50: 20, p95: null, p99: null });
    expect(intervalFigures(jittered.slice(0, 499), 0.005)).toMatchObject({ p95: 21, p99: null });
    expect(intervalFigures(jittered, 2.1), 'a coarse clock').toMatchObject({ p50: 20, p95: null, p99: null });
    expect(intervalFigures(jittered, 0.005, false), 'chunks').toMatchObject({ p95: null, p99: null });
    expect(intervalFigures([], 0.005)).toEqual({
      p50: null,
      p95: null,
      p99: null,
      jitter: null,
      stalls: { n: 0, ms: 0 },
    });
  });

  it('tell of stalls: more than three medians and more than 50 ms', () => {
    expect(intervalFigures([20, 20, 20, 20, 59, 61, 220], 0.005).stalls).toEqual({ n: 2, ms: 61 - 20 + (220 - 20) });
    expect(intervalFigures([5, 5, 5, 5, 49], 0.005).stalls, 'three medians, but short').toEqual({ n: 0, ms: 0 });
  });
});

describe('a reader', () => {
  it('waits a second for the first token and 100 ms for each further one', () => {
    expect(readingShare(constant(11, 100, 1000))).toBe(1);
    // The first is in time, and each further one comes 1 ms too late.
    expect(readingShare({ requestedAt: 0, stamps: [1000, 1101, 1202, 1303] })).toBe(0.25);
    expect(readingShare({ requestedAt: 0, stamps: [1050, 1050], chunkTokens: [1, 3] })).toBe(0.75);
    expect(readingShare({ requestedAt: 0, stamps: [] })).toBeNull();
  });
});

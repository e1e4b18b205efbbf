import { describe, expect, it } from 'vitest';
import {
  bandwidthFor,
  bytesPerToken,
  plateauOf,
  roof,
  tokenBudget,
  type BandwidthReading,
  type WeightAccounting,
} from '../../../src/shared/domain/benchmark/ceiling';
import { predictSpeed } from '../../../src/shared/domain/benchmark/prediction';

const mib = 1024 ** 2;
const readings = (...speeds: number[]): BandwidthReading[] =>
  speeds.map((gigabytesPerSecond, index) => ({ bytes: 16 * 4 ** index * mib, gigabytesPerSecond, halfWidth: 0.01 }));

describe('the limit', () => {
  it('is where doubling the size changes nothing any more', () => {
    expect(plateauOf(readings(900, 400, 290, 285))).toMatchObject({ gigabytesPerSecond: 285, contaminated: false });
    expect(plateauOf(readings(900, 400, 290))).toMatchObject({ gigabytesPerSecond: 290, contaminated: true });
    expect(plateauOf(readings(20))).toMatchObject({ gigabytesPerSecond: 20, contaminated: true });
    expect(plateauOf([])).toBeNull();
  });

  it('is that of the cache for a model that stays in it', () => {
    expect(bandwidthFor(readings(40, 20, 19.5), 10 * mib)).toBe(40);
    expect(bandwidthFor(readings(40, 20, 19.5), 200 * mib)).toBe(19.5);
    expect(bandwidthFor(readings(40, 20, 19.5), 4000 * mib)).toBe(19.5);
    expect(bandwidthFor([], 1)).toBeNull();
  });
});

describe('a token', () => {
  const weights = { activeBytes: 400e6, kvBytesPerToken: 100_000 } as WeightAccounting;

  it('costs the weights and the cache as deep as it is', () => {
    expect(bytesPerToken(weights, 0)).toBe(400e6);
    expect(bytesPerToken(weights, 1000)).toBe(500e6);
    expect(roof(20, 500e6)).toBe(40);
  });

  it('has a budget: memory, starting, waiting, the rest', () => {
    const budget = tokenBudget({
      tokenMs: 20,
      bytes: 400e6,
      gigabytesPerSecond: 80,
      dispatches: 200,
      dispatchMicroseconds: 30,
      syncMicroseconds: 1000,
    });
    expect(budget).toEqual({ mem: 5, disp: 6, sync: 1, rest: 8, explained: 0.6 });
    const over = tokenBudget({
      tokenMs: 4,
      bytes: 400e6,
      gigabytesPerSecond: 80,
      dispatches: 0,
      dispatchMicroseconds: 0,
      syncMicroseconds: 0,
    });
    expect(over).toMatchObject({ rest: 0, explained: 1.25 });
  });

  it('that only reads memory reaches all of the limit (V9, in numbers)', () => {
    expect(
      1000 /
        tokenBudget({
          tokenMs: 5,
          bytes: 400e6,
          gigabytesPerSecond: 80,
          dispatches: 0,
          dispatchMicroseconds: 0,
          syncMicroseconds: 0,
        }).mem,
    ).toBe(roof(80, 400e6));
  });
});

describe('the speed of a model that is not here', () => {
  const nothing = { cpu: 20, gpu: null, reached: { cpu: [], gpu: [] } };

  it('follows from the memory, with a wide interval at first', () => {
    const predicted = predictSpeed('cpu', 400e6, nothing);
    if (!predicted) throw new Error('nothing predicted');
    expect(predicted.middle).toBeCloseTo(25, 0);
    expect(predicted.low).toBeLessThan(10);
    expect(predicted.high).toBeLessThanOrEqual(50);
    expect(predicted.high / predicted.low).toBeGreaterThan(4);
  });

  it('becomes narrower and moves to what was measured here', () => {
    const learned = predictSpeed('cpu', 400e6, {
      ...nothing,
      reached: { cpu: [0.6, 0.58, 0.62, 0.6, 0.61, 0.59], gpu: [] },
    });
    if (!learned) throw new Error('nothing predicted');
    expect(learned.middle).toBeGreaterThan(25);
    expect(learned.high / learned.low).toBeLessThan(4);
  });

  it('is unknown where the memory is', () => {
    expect(predictSpeed('gpu', 400e6, nothing)).toBeNull();
    expect(predictSpeed('cpu', 0, nothing)).toBeNull();
  });

  it('is never above what memory allows', () => {
    const fast = { cpu: null, gpu: 100, reached: { cpu: [], gpu: [0.98, 0.99, 0.97] } };
    const predicted = predictSpeed('gpu', 1e9, fast);
    expect(predicted?.high).toBeLessThanOrEqual(100);
  });
});

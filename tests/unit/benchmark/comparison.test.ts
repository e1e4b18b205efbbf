/** V6 and V7: how often a difference is seen that is not there, and how often one is missed that is. Simulated, reproducibly. */
import { describe, expect, it } from 'vitest';
import {
  differenceBetweenSessions,
  differenceOfPairs,
  pairRatios,
  sessionSpread,
} from '../../../src/benchmark/statistics/comparison';
import { rateInterval } from '../../../src/shared/domain/benchmark/statistics';
import { normals } from '../../fixtures/noise';

const runs = 4000;
const share = (hits: number, of = runs): number => hits / of;

interface Device {
  readonly noise: () => number;
  /** Within a session, and between sessions. */
  readonly within: number;
  readonly between: number;
}

/** The rates of one session. */
function session({ noise, within, between }: Device, count: number, speed = 100): number[] {
  const day = speed * Math.exp(between * noise());
  return Array.from({ length: count }, () => day * Math.exp(within * noise()));
}

describe('two runs of the same thing', () => {
  it.each([
    ['desktop', 0.02],
    ['laptop', 0.03],
    ['phone', 0.05],
  ] as const)('on a %s differ falsely in at most 5 %% of cases', (device, between) => {
    const noise = normals(7);
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      const [a, b] = [session({ noise, within: 0.02, between }, 5), session({ noise, within: 0.02, between }, 5)];
      if (differenceBetweenSessions(a, b, sessionSpread(device, []))?.verdict !== 'cannot-tell') wrong += 1;
    }
    expect(share(wrong)).toBeLessThan(0.05);
    expect(share(wrong), 'not simply deaf').toBeGreaterThan(0.005);
  });

  it('would differ in half of all cases by the rules that others use', () => {
    const noise = normals(8);
    let welch = 0;
    for (let run = 0; run < runs; run += 1) {
      const [a, b] = [
        session({ noise, within: 0.01, between: 0.02 }, 5),
        session({ noise, within: 0.01, between: 0.02 }, 5),
      ];
      const [first, second] = [rateInterval(a), rateInterval(b)];
      if (first && second && (first.low > second.high || second.low > first.high)) welch += 1;
    }
    expect(share(welch)).toBeGreaterThan(0.3);
  });

  it('in one session, interleaved, differ falsely in at most 5 %', () => {
    const noise = normals(9);
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      const verdict = differenceOfPairs(Array.from({ length: 6 }, () => Math.exp(0.03 * noise())))?.verdict;
      if (verdict === 'faster' || verdict === 'slower') wrong += 1;
    }
    expect(share(wrong)).toBeLessThanOrEqual(0.055);
  });
});

describe('a true difference', () => {
  const power = (change: number, device: 'desktop' | 'laptop' | 'phone', between: number): number => {
    const noise = normals(10);
    let seen = 0;
    for (let run = 0; run < runs; run += 1) {
      const a = session({ noise, within: 0.02, between }, 5);
      const b = session({ noise, within: 0.02, between }, 5, 100 * change);
      if (differenceBetweenSessions(a, b, sessionSpread(device, []))?.verdict === 'faster') seen += 1;
    }
    return share(seen);
  };

  it('of 10 % is seen between sessions on most desktops, and on few phones', () => {
    expect(power(1.1, 'desktop', 0.02)).toBeGreaterThan(0.7);
    expect(power(1.1, 'phone', 0.05)).toBeLessThan(0.3);
  });

  /** Blocks in the order A B B A, on a device that loses a fifth of its speed in the course of the session. */
  function interleaved(noise: () => number, change: number, pairs = 6): number[] {
    const order = Array.from({ length: pairs }, (_, pair) =>
      pair % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const),
    ).flat();
    const blocks = order.map((side, index) => ({
      side,
      rate: 100 * (side === 'b' ? change : 1) * (1 - (0.2 * index) / order.length) * Math.exp(0.02 * noise()),
    }));
    return pairRatios(blocks);
  }

  it.each([
    [0.1, 0.9],
    [0.05, 0.6],
  ])('of %d is seen by interleaving in a share of at least %d, under a drift of 20 %%', (slowdown, wanted) => {
    const noise = normals(11);
    let seen = 0;
    for (let run = 0; run < 1000; run += 1)
      if (differenceOfPairs(interleaved(noise, 1 - slowdown))?.verdict === 'slower') seen += 1;
    expect(seen / 1000).toBeGreaterThanOrEqual(wanted);
  });

  it('that is none is not seen under that drift', () => {
    const noise = normals(12);
    let wrong = 0;
    for (let run = 0; run < 1000; run += 1) {
      const verdict = differenceOfPairs(interleaved(noise, 1))?.verdict;
      if (verdict === 'faster' || verdict === 'slower') wrong += 1;
    }
    expect(wrong / 1000).toBeLessThanOrEqual(0.05);
  });
});

describe('the interval of a rate', () => {
  it.each([3, 5, 7, 10])('holds the truth in 93 to 97 %% of cases with %i repetitions', (count) => {
    const noise = normals(20 + count);
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const interval = rateInterval(session({ noise, within: 0.03, between: 0 }, count));
      if (interval && interval.low <= 100 && interval.high >= 100) held += 1;
    }
    expect(share(held)).toBeGreaterThan(0.93);
    expect(share(held)).toBeLessThan(0.97);
  });

  it('still does when repetitions are added until it is narrow', () => {
    const noise = normals(40);
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const rates = session({ noise, within: 0.04, between: 0 }, 5);
      while (rates.length < 10 && (rateInterval(rates)?.halfWidth ?? 1) > 0.03)
        rates.push(100 * Math.exp(0.04 * noise()));
      const interval = rateInterval(rates);
      if (interval && interval.low <= 100 && interval.high >= 100) held += 1;
    }
    expect(share(held)).toBeGreaterThan(0.93);
  });
});

describe('the verdict', () => {
  it('learns how much a device differs from day to day', () => {
    expect(sessionSpread('desktop', [100, 101, 99])).toBe(0.02);
    const restless = sessionSpread('desktop', [100, 112, 90, 105, 94, 110, 89, 101]);
    expect(restless).toBeGreaterThan(0.05);
    expect(sessionSpread('phone', Array<number>(20).fill(100))).toBeLessThan(0.03);
  });

  it('names the ratio, its interval, and what it could have seen', () => {
    const found = differenceBetweenSessions([100, 101, 99, 100, 100], [130, 131, 129, 130, 130], 0.02);
    expect(found).toMatchObject({ verdict: 'faster', ratio: expect.closeTo(1.3, 5) });
    expect(found?.low).toBeGreaterThan(1.2);
    expect(found?.detectable).toBeGreaterThan(1.06);
    expect(differenceBetweenSessions([130, 131], [100, 101], 0.02)?.verdict).toBe('slower');
    expect(differenceOfPairs([1.001, 0.999, 1, 1.001, 0.999, 1])?.verdict).toBe('same');
    expect(differenceOfPairs([1, 1])?.verdict).toBe('same');
    expect(differenceOfPairs([1.05, 1.05])?.verdict).toBe('faster');
  });

  it('is none of too little', () => {
    expect(differenceBetweenSessions([100], [100, 101], 0.02)).toBeNull();
    expect(differenceBetweenSessions([100, 0], [100, 101], 0.02)).toBeNull();
    expect(differenceOfPairs([1.1])).toBeNull();
    expect(differenceOfPairs([1.1, Number.NaN])).toBeNull();
  });

  it('leaves out the pair of a block that failed', () => {
    const block = (side: 'a' | 'b', rate: number | null) => ({ side, rate });
    expect(pairRatios([block('a', 100), block('b', 110), block('b', null), block('a', 100)])).toEqual([1.1]);
  });
});

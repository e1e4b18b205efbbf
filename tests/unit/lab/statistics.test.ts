/** The Lab's statistics against those of scipy and numpy, which wrote the fixture: its first entry says how. */
import { describe, expect, it } from 'vitest';
import { binomialMass, binomialProbability, fairCoinProbability } from '../../../src/lab/statistics/binomial';
import { bradleyTerry, type ChoicePair } from '../../../src/lab/statistics/bradley-terry';
import { casesNeeded, casesNeededForDifferences, exactPower } from '../../../src/lab/statistics/cases-needed';
import { holm } from '../../../src/lab/statistics/holm';
import { normalProbability, normalQuantile } from '../../../src/lab/statistics/normal';
import { medianInterval } from '../../../src/lab/statistics/order-interval';
import { signFlipProbability } from '../../../src/lab/statistics/paired-test';
import { clusteredInterval, wilsonInterval } from '../../../src/lab/statistics/score-interval';
import { verdictFor } from '../../../src/lab/statistics/verdict';
import expected from '../../fixtures/lab/statistics-by-scipy.json';

const close = (actual: number | undefined, wanted: number, relative = 1e-9): void => {
  expect(Math.abs((actual ?? Number.NaN) - wanted), `${String(actual)} for ${wanted}`).toBeLessThanOrEqual(
    relative * Math.max(1e-3, Math.abs(wanted)),
  );
};
const discordant = (onlyFirst: number, onlySecond: number): number[] => [
  ...Array.from({ length: onlyFirst }, () => -1),
  ...Array.from({ length: onlySecond }, () => 1),
  0,
  0,
];

describe('the distributions', () => {
  it('are those of scipy', () => {
    for (const { z, p } of expected.normal) close(normalProbability(z), p);
    for (const { p, z } of expected.normalQuantiles) close(normalQuantile(p), z);
    for (const { k, n, p, mass, below } of expected.binomial) {
      close(binomialMass(k, n, p), mass);
      close(binomialProbability(k, n, p), below);
    }
  });

  it('have no quantile where there is none', () => {
    for (const p of [0, 1, -1, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});

describe('the interval of a score', () => {
  it('is that of Wilson', () => {
    for (const { passed, judged, confidence, low, high } of expected.wilson) {
      const interval = wilsonInterval(passed, judged, confidence);
      close(interval?.low, low);
      close(interval?.high, high);
    }
  });

  it('is unknown where nothing was judged', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(clusteredInterval([])).toBeNull();
    expect(clusteredInterval([{ passed: 0, judged: 0 }])).toBeNull();
  });

  it('is Wilson’s own with one answer for each case', () => {
    const cases = [1, 0, 1, 1, 1, 0].map((passed) => ({ passed, judged: 1 }));
    expect(clusteredInterval(cases)).toEqual(wilsonInterval(4, 6));
    expect(clusteredInterval([...cases, { passed: 0, judged: 0 }])).toEqual(wilsonInterval(4, 6));
  });

  it('is as wide as that of the cases where all answers to a case agree, and narrower where they do not', () => {
    const alike = Array.from({ length: 20 }, (_, index) => ({ passed: index < 12 ? 5 : 0, judged: 5 }));
    const mixed = Array.from({ length: 20 }, () => ({ passed: 3, judged: 5 }));
    const single = wilsonInterval(12, 20);
    const [wide, narrow] = [clusteredInterval(alike), clusteredInterval(mixed)];
    if (!single || !wide || !narrow) throw new Error('no interval');
    expect(wide.high - wide.low).toBeGreaterThanOrEqual(single.high - single.low);
    expect(narrow.high - narrow.low).toBeLessThan(0.75 * (wide.high - wide.low));
    expect(narrow.low).toBeLessThan(0.6);
  });

  it('keeps its width where every answer to every case passes', () => {
    const interval = clusteredInterval(Array.from({ length: 20 }, () => ({ passed: 10, judged: 10 })));
    expect(interval?.high).toBe(1);
    expect(interval?.low).toBeLessThan(wilsonInterval(20, 20)?.low ?? 0);
  });

  it('takes one case for what it is, however often it was answered', () => {
    const interval = clusteredInterval([{ passed: 3, judged: 10 }]);
    if (!interval) throw new Error('no interval');
    expect(interval.high - interval.low).toBeGreaterThan(0.7);
  });
});

describe('the test of pairs', () => {
  it('is the exact McNemar test with one answer for each case', () => {
    for (const { onlyFirst, onlySecond, p } of expected.mcnemar) {
      close(fairCoinProbability(onlyFirst, onlySecond), p);
      close(signFlipProbability(discordant(onlyFirst, onlySecond)), p);
    }
  });

  it('swaps cases as a whole with several answers', () => {
    for (const { differences, p } of expected.signFlip) close(signFlipProbability(differences), p);
  });

  it('does not get surer by asking the same cases again', () => {
    const once = [1, 1, 1, 1, -1, 0, 0];
    close(signFlipProbability(once.map((one) => one * 10)), signFlipProbability(once));
  });

  it('ends soon for any number of cases, and hardly changes where the normal distribution takes over', () => {
    const mixed = (cases: number, extra: number): number[] =>
      Array.from(
        { length: cases },
        (_, index) => (index % 2 === 0 ? 1 : -1) * (1 + (index % 3)) + (index < extra ? 1 : 0),
      );
    // Both have about the same total in standard deviations; one is exact, the other is not.
    const exact = signFlipProbability(mixed(4000, 240));
    const normal = signFlipProbability(mixed(16_000, 480));
    expect(exact).toBeGreaterThan(0.01);
    expect(Math.abs(exact - normal)).toBeLessThan(0.1 * exact);
    expect(signFlipProbability(mixed(50_000, 25_000))).toBeLessThan(1e-6);
    expect(signFlipProbability(discordant(24_900, 25_100))).toBeGreaterThan(0.3);
  });

  it('adjusts for several pairs as Holm did', () => {
    for (const { p, adjusted } of expected.holm) holm(p).forEach((one, index) => close(one, adjusted[index] ?? -1));
    expect(holm([])).toEqual([]);
  });

  it('never names a winner without a small p', () => {
    expect(verdictFor(1, 0.05)).toBe('better');
    expect(verdictFor(-1, 0.01)).toBe('worse');
    expect(verdictFor(1, 0.051)).toBe('cannot-tell');
    expect(verdictFor(0, 0)).toBe('cannot-tell');
    expect(verdictFor(1, Number.NaN)).toBe('cannot-tell');
  });
});

describe('the cases that a difference needs', () => {
  it('follow from the exact power', () => {
    for (const { cases, onlyFirst, onlySecond, power } of expected.power)
      close(exactPower(cases, { onlyFirst, onlySecond }, 0.05), power);
  });

  it('are the fewest with which the power is reached, but for a handful: it rises in steps', () => {
    for (const { onlyFirst, onlySecond, cases } of expected.needed) {
      const needed = casesNeeded({ onlyFirst, onlySecond }) ?? 0;
      expect(needed).toBeGreaterThanOrEqual(cases);
      expect(needed).toBeLessThanOrEqual(cases + 5);
    }
  });

  it('are unknown where there is no difference, or where nobody would write so many', () => {
    expect(casesNeeded({ onlyFirst: 0.1, onlySecond: 0.1 })).toBeNull();
    expect(casesNeeded({ onlyFirst: 0, onlySecond: 0 })).toBeNull();
    expect(casesNeeded({ onlyFirst: 0.2, onlySecond: 0.201 })).toBeNull();
    expect(casesNeededForDifferences([])).toBeNull();
    expect(casesNeededForDifferences([0.5, -0.5])).toBeNull();
  });

  it('are more where several pairs share the level', () => {
    const shares = { onlyFirst: 0.1, onlySecond: 0.3 };
    const one = casesNeeded(shares) ?? 0;
    expect(casesNeeded(shares, { power: 0.8, alpha: 0.05 / 6 })).toBeGreaterThan(1.3 * one);
  });

  it('with several answers are close to those of single ones where the answers to a case agree', () => {
    const differences = [...discordant(4, 12).slice(0, 16), ...Array.from({ length: 24 }, () => 0)];
    const single = casesNeeded({ onlyFirst: 4 / 40, onlySecond: 12 / 40 }) ?? 0;
    const several = casesNeededForDifferences(differences) ?? 0;
    expect(Math.abs(several - single)).toBeLessThanOrEqual(0.12 * single);
  });
});

describe('the interval of a median', () => {
  it('lies between the order statistics that scipy names', () => {
    for (const { values, low, high } of expected.median) expect(medianInterval(values)).toEqual({ low, high });
  });

  it('is unknown for fewer than six values', () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toBeNull();
    expect(medianInterval([])).toBeNull();
  });
});

describe('strengths from choices', () => {
  it('are those of the likelihood and of the covariance over cases, as numpy and scipy find them', () => {
    for (const { count, pairs, strengths } of expected.bradleyTerry) {
      const found = bradleyTerry(count, pairs as ChoicePair[]);
      if (!found.known) throw new Error(found.why);
      found.strengths.forEach((one, index) => {
        close(one.elo, strengths[index]?.elo ?? 0, 1e-5);
        close(one.low, strengths[index]?.low ?? 0, 1e-5);
        close(one.high, strengths[index]?.high ?? 0, 1e-5);
      });
    }
  });

  const pair = (first: number, second: number, score: 0 | 0.5 | 1, index: number): ChoicePair => ({
    first,
    second,
    score,
    cluster: `case ${index}`,
  });

  it('stay finite where one is always chosen', () => {
    const found = bradleyTerry(
      2,
      Array.from({ length: 12 }, (_, index) => pair(0, 1, 1, index)),
    );
    if (!found.known) throw new Error(found.why);
    const [winner, loser] = found.strengths;
    expect(winner?.elo).toBeGreaterThan(1200);
    expect(winner?.high).toBeLessThan(2500);
    // The exact test of the pair says p = 0.0005; the interval is more careful.
    expect(winner?.low).toBeGreaterThan(950);
    expect(loser?.elo).toBeCloseTo(2000 - (winner?.elo ?? 0), 6);
  });

  it('are equal, and not certain, where neither is ever preferred', () => {
    const found = bradleyTerry(
      2,
      Array.from({ length: 12 }, (_, index) => pair(0, 1, 0.5, index)),
    );
    if (!found.known) throw new Error(found.why);
    expect(found.strengths[0]?.elo).toBeCloseTo(1000, 6);
    expect((found.strengths[0]?.high ?? 0) - 1000).toBeGreaterThan(10);
  });

  it('can’t be told for contenders that were never compared with the rest', () => {
    const apart = Array.from({ length: 10 }, (_, index) => [pair(0, 1, 1, index), pair(2, 3, 0, index)]).flat();
    expect(bradleyTerry(4, apart)).toEqual({ known: false, why: 'not-connected' });
    expect(bradleyTerry(4, [...apart, pair(1, 2, 0.5, 1)]).known).toBe(true);
  });

  it('can’t be told from a few choices, nor from many about the same few cases', () => {
    expect(bradleyTerry(2, [])).toEqual({ known: false, why: 'too-few-choices' });
    const same = Array.from({ length: 40 }, (_, index) => pair(0, 1, 1, index % 4));
    expect(bradleyTerry(2, same)).toEqual({ known: false, why: 'too-few-choices' });
  });
});

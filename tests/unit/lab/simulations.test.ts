/**
 * What the Lab's statistics promise, on contenders whose skill is known: equal ones are called different in at most 5 % of runs, and
 * intervals of 95 % hold the truth in about 95 % of runs. Chance is seeded, so that the counts are the same every time.
 */
import { describe, expect, it, vi } from 'vitest';
import { binomialMass } from '../../../src/lab/statistics/binomial';
import { bradleyTerry, type ChoicePair } from '../../../src/lab/statistics/bradley-terry';
import { casesNeeded, casesNeededForDifferences } from '../../../src/lab/statistics/cases-needed';
import { holm } from '../../../src/lab/statistics/holm';
import { medianInterval } from '../../../src/lab/statistics/order-interval';
import { signFlipProbability } from '../../../src/lab/statistics/paired-test';
import { clusteredInterval, wilsonInterval, type CaseScore } from '../../../src/lab/statistics/score-interval';
import { mulberry32 } from '../../../workers/engine/seeded-random';

type Random = () => number;
/** Chance that a case is passed, drawn anew for each case. */
type Difficulty = (random: Random) => number;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

// On a machine with other work, a thousand runs take longer than the usual limit.
vi.setConfig({ testTimeout: 60_000 });

/** Share of runs in which `event` happens. */
function shareOf(runs: number, seed: number, event: (random: Random) => boolean): number {
  const random = mulberry32(seed);
  return range(runs).filter(() => event(random)).length / runs;
}

const passes = (chance: number, samples: number, random: Random): number =>
  range(samples).filter(() => random() < chance).length;

/** Some cases are nearly always passed, some hardly ever, some by chance. */
const uneven: Difficulty = (random) => {
  const kind = random();
  return kind < 0.5 ? 0.95 : kind < 0.8 ? 0.05 : 0.5;
};
const unevenMean = 0.5 * 0.95 + 0.3 * 0.05 + 0.2 * 0.5;
const anything: Difficulty = (random) => random();

/** Passes of each contender in each case: all have the same chance in the same case. */
const equalRun = (contenders: number, cases: number, samples: number, difficulty: Difficulty, random: Random) =>
  range(cases).map(() => {
    const chance = difficulty(random);
    return range(contenders).map(() => passes(chance, samples, random));
  });

const pairsOf = (count: number): (readonly [number, number])[] =>
  range(count).flatMap((first) => range(first).map((second) => [second, first] as const));

const pairProbability = (run: readonly (readonly number[])[], [first, second]: readonly [number, number]): number =>
  signFlipProbability(run.map((passed) => (passed[second] ?? 0) - (passed[first] ?? 0)));

describe('equal contenders are called different in at most 5 % of runs', () => {
  it.each([
    [20, 1, 'uneven', uneven],
    [40, 1, 'any', anything],
    [40, 5, 'uneven', uneven],
    [20, 10, 'any', anything],
    [100, 3, 'any', anything],
  ] as const)('with %i cases, %i answers to each, of %s difficulty', (cases, samples, _, difficulty) => {
    const share = shareOf(2000, 11, (random) => {
      const run = equalRun(2, cases, samples, difficulty, random);
      return pairProbability(run, [0, 1]) <= 0.05;
    });
    expect(share).toBeLessThanOrEqual(0.05);
    // A test that never finds anything would pass too.
    expect(share).toBeGreaterThan(0.002);
  });

  it.each([
    [40, 1],
    [30, 4],
  ])('in any of the six pairs of four, by Holm (%i cases, %i answers to each)', (cases, samples) => {
    const anyPair = (adjust: (probabilities: number[]) => number[]): number =>
      shareOf(1000, 12, (random) => {
        const run = equalRun(4, cases, samples, anything, random);
        return adjust(pairsOf(4).map((pair) => pairProbability(run, pair))).some((p) => p <= 0.05);
      });
    const adjusted = anyPair(holm);
    expect(adjusted).toBeLessThanOrEqual(0.05);
    expect(adjusted).toBeGreaterThan(0.005);
    // Without the adjustment it would not hold.
    expect(anyPair((probabilities) => probabilities)).toBeGreaterThan(0.07);
  });

  it('while counting each answer as a case of its own would not hold, where contenders differ by case', () => {
    // Each is better in half of the cases, by chance: over all tasks they are equal.
    const draw = (random: Random): number[] =>
      range(30).map(() => {
        const [first, second] = random() < 0.5 ? [0.9, 0.2] : [0.2, 0.9];
        return passes(second, 8, random) - passes(first, 8, random);
      });
    expect(shareOf(1000, 13, (random) => signFlipProbability(draw(random)) <= 0.05)).toBeLessThanOrEqual(0.065);
    const apart = shareOf(1000, 13, (random) => {
      const single = draw(random).flatMap((difference) => range(Math.abs(difference)).map(() => Math.sign(difference)));
      return signFlipProbability(single) <= 0.05;
    });
    expect(apart).toBeGreaterThan(0.3);
  });
});

describe('an interval of 95 % holds the truth in about 95 % of runs', () => {
  it('of Wilson: on average over all scores, computed exactly; at one score it swings with the whole numbers', () => {
    for (const cases of [10, 20, 40, 100]) {
      const intervals = range(cases + 1).map((passed) => wilsonInterval(passed, cases));
      const coverage = (share: number): number =>
        intervals.reduce(
          (sum, interval, passed) =>
            interval && interval.low <= share && share <= interval.high
              ? sum + binomialMass(passed, cases, share)
              : sum,
          0,
        );
      const scores = range(181).map((step) => 0.05 + step * 0.005);
      const mean = scores.reduce((sum, share) => sum + coverage(share), 0) / scores.length;
      expect(mean, `${cases} cases`).toBeGreaterThan(0.945);
      expect(mean, `${cases} cases`).toBeLessThan(0.965);
      expect(Math.min(...scores.map(coverage)), `${cases} cases`).toBeGreaterThan(0.88);
    }
  });

  it.each([
    [20, 3, 'any', anything, 0.5],
    [20, 10, 'any', anything, 0.5],
    [40, 5, 'uneven', uneven, unevenMean],
    [40, 10, 'any', anything, 0.5],
    [100, 5, 'uneven', uneven, unevenMean],
  ] as const)(
    'of a score with %i cases, %i answers to each, of %s difficulty',
    (cases, samples, _, difficulty, mean) => {
      const coverage = (interval: (scores: readonly CaseScore[]) => { low: number; high: number } | null): number =>
        shareOf(2000, 14, (random) => {
          const scores = range(cases).map(() => ({
            passed: passes(difficulty(random), samples, random),
            judged: samples,
          }));
          const found = interval(scores);
          return found !== null && found.low <= mean && mean <= found.high;
        });
      const clustered = coverage(clusteredInterval);
      expect(clustered).toBeGreaterThan(0.93);
      expect(clustered).toBeLessThan(0.97);
      // As if answers to one case were independent.
      const apart = coverage((scores) =>
        wilsonInterval(
          scores.reduce((sum, { passed }) => sum + passed, 0),
          cases * samples,
        ),
      );
      expect(apart).toBeLessThan(0.88);
    },
  );

  it('of a median, with a long tail', () => {
    const truth = Math.exp(6);
    for (const [count, most] of [
      [20, 0.97],
      [41, 0.98],
      [100, 0.97],
    ] as const) {
      const coverage = shareOf(2000, 15, (random) => {
        const values = range(count).map(() =>
          Math.exp(6 + Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())),
        );
        const found = medianInterval(values);
        return found !== null && found.low <= truth && truth <= found.high;
      });
      expect(coverage, `${count} values`).toBeGreaterThan(0.94);
      expect(coverage, `${count} values`).toBeLessThan(most);
    }
  });
});

/**
 * Choices of a person about each case: each contender's answer has a worth, its strength and a noise of Gumbel's distribution, which
 * makes the model of Bradley and Terry true, and the choices about one case dependent.
 */
function choices(strengths: readonly number[], cases: number, random: Random): ChoicePair[] {
  return range(cases).flatMap((index) => {
    const worths = strengths.map((strength) => strength - Math.log(-Math.log(random())));
    return pairsOf(strengths.length).map(([first, second]): ChoicePair => {
      const cluster = `case ${index}`;
      return { first, second, score: (worths[first] ?? 0) > (worths[second] ?? 0) ? 1 : 0, cluster };
    });
  });
}

/** Neither is chosen in three of ten choices at most, so that half a win each leaves the expected score what the model says. */
const choicesWithTies = (strengths: readonly number[], cases: number, random: Random): ChoicePair[] =>
  range(cases).flatMap((index) =>
    pairsOf(strengths.length).map(([first, second]): ChoicePair => {
      const chance = 1 / (1 + Math.exp((strengths[second] ?? 0) - (strengths[first] ?? 0)));
      const ties = 0.6 * Math.min(chance, 1 - chance);
      const at = random();
      const score = at < ties ? 0.5 : at < ties / 2 + chance ? 1 : 0;
      return { first, second, score, cluster: `case ${index}` };
    }),
  );

describe('strengths from choices', () => {
  it.each([
    [2, 50, 'without ties', choices],
    [3, 30, 'without ties', choices],
    [4, 30, 'without ties', choices],
    [4, 60, 'without ties', choices],
    [2, 50, 'with ties', choicesWithTies],
    [4, 20, 'with ties', choicesWithTies],
  ] as const)('hold the truth in about 95 % of runs (%i contenders, %i cases, %s)', (count, cases, _, draw) => {
    const strengths = range(count).map((index) => 0.6 * (index - (count - 1) / 2));
    const random = mulberry32(16);
    const runs = 250;
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const found = bradleyTerry(count, draw(strengths, cases, random));
      if (!found.known) throw new Error(found.why);
      held += found.strengths.filter(({ low, high }, index) => {
        const truth = 1000 + (400 / Math.LN10) * (strengths[index] ?? 0);
        return low <= truth && truth <= high;
      }).length;
    }
    const coverage = held / (runs * count);
    expect(coverage).toBeGreaterThan(0.93);
    expect(coverage).toBeLessThan(0.975);
  });
});

describe('as many cases as are said to be needed', () => {
  it.each([
    [0.05, 0.2],
    [0.1, 0.3],
    [0.02, 0.12],
    [0.1, 0.2],
  ])('show the difference in about 80 % of runs (only one: %d, only the other: %d)', (onlyFirst, onlySecond) => {
    const cases = casesNeeded({ onlyFirst, onlySecond }) ?? 0;
    const power = shareOf(2000, 17, (random) => {
      const differences = range(cases).map(() => {
        const at = random();
        return at < onlyFirst ? -1 : at < onlyFirst + onlySecond ? 1 : 0;
      });
      return signFlipProbability(differences) <= 0.05;
    });
    expect(power).toBeGreaterThan(0.77);
    expect(power).toBeLessThan(0.84);
  });

  it('do so with several answers to each case', () => {
    const samples = 5;
    const draw = (count: number, random: Random): number[] =>
      range(count).map(() => {
        const chance = 0.8 * random();
        return passes(Math.min(1, chance + 0.15), samples, random) - passes(chance, samples, random);
      });
    const many = draw(20_000, mulberry32(18));
    const cases = casesNeededForDifferences(many.map((difference) => difference / samples)) ?? 0;
    const power = shareOf(1500, 19, (random) => signFlipProbability(draw(cases, random)) <= 0.05);
    expect(power).toBeGreaterThan(0.75);
    expect(power).toBeLessThan(0.85);
  });
});

import { describe, expect, it } from 'vitest';
import { LookupGauge } from '../../workers/engine/cpu/sampling/lookup-gauge';
import { mostGuesses, PromptLookup } from '../../workers/engine/cpu/sampling/prompt-lookup';
import { mulberry32 } from '../../workers/engine/seeded-random';

/** Guesses cost nothing: as many as there are. */
const free = (): LookupGauge => new LookupGauge(Array.from({ length: mostGuesses + 1 }, () => 1));
const lookupOf = (tokens: readonly number[]): PromptLookup => {
  const lookup = new PromptLookup(free());
  lookup.read(tokens);
  return lookup;
};
const row = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/** The longest of the last tokens that stood before, found by looking everywhere. */
function naive(tokens: readonly number[]): number[] {
  for (const length of [4, 3, 2]) {
    const end = tokens.length - 1;
    if (tokens.length < length) continue;
    for (let place = end - 1; place >= length - 1; place -= 1) {
      if (row(0, length).some((back) => tokens[place - back] !== tokens[end - back])) continue;
      const whole = [...tokens];
      for (let ahead = 1; ahead <= mostGuesses; ahead += 1) whole.push(whole[place + ahead] ?? -1);
      return whole.slice(tokens.length);
    }
  }
  return [];
}

describe('guesses by looking back', () => {
  it('are what followed the same tokens before', () => {
    expect(lookupOf([...row(100, 30), 1, 2, 104, 105, 106]).guess()).toEqual(row(107, 10));
  });

  it('follow the longest row of tokens that are the same, and the latest of several', () => {
    expect(lookupOf([1, 2, 3, 4, 50, 9, 3, 4, 60, 1, 2, 3, 4]).guess(1)).toEqual([50]);
    expect(lookupOf([7, 8, 50, 7, 8, 60, 7, 8]).guess(1)).toEqual([60]);
  });

  it('go on with themselves where a row repeats', () => {
    expect(lookupOf([5, 6, 7, 5, 6, 7]).guess()).toEqual([5, 6, 7, 5, 6, 7, 5, 6, 7, 5]);
    expect(lookupOf([4, 4, 4]).guess(3)).toEqual([4, 4, 4]);
  });

  it.each([[[]], [[1]], [[1, 2]], [[1, 2, 3, 4, 5]], [[1, 2, 1]]])('there are none after %j', (tokens) => {
    expect(lookupOf(tokens).guess()).toEqual([]);
  });

  it('are those of a search through everything, whatever is learned and cut', () => {
    const random = mulberry32(17);
    const lookup = new PromptLookup(free());
    let tokens: number[] = [];
    for (let step = 0; step < 4000; step += 1) {
      if (random() < 0.02) {
        const length = Math.floor(random() * (tokens.length + 1));
        tokens = tokens.slice(0, length);
        lookup.cut(length);
      } else {
        const token = Math.floor(random() * 5);
        tokens.push(token);
        lookup.read([token]);
      }
      expect(lookup.length).toBe(tokens.length);
      if (step % 3 === 0) expect(lookup.guess()).toEqual(naive(tokens));
    }
  });

  it('are shortened as they come true, and sought anew when one does not', () => {
    const lookup = lookupOf([...row(100, 12), 1, 100, 101]);
    expect(lookup.guess(3)).toEqual([102, 103, 104]);
    lookup.learn(102);
    expect(lookup.guess(3)).toEqual([103, 104, 105]);
    lookup.learn(999);
    expect(lookup.guess(3)).toEqual([]);
    expect([lookup.gauge.compared, lookup.gauge.right]).toEqual([2, 1]);
  });

  it('take little time in a conversation of 30,000 tokens that says the same over and over', () => {
    const lookup = new PromptLookup(free());
    const from = performance.now();
    for (let index = 0; index < 30_000; index += 1) {
      lookup.learn(index % 97 === 0 ? index : index % 3);
      lookup.guess();
    }
    lookup.cut(0);
    // 0.05 ms a token; one pass of the smallest model takes a hundred times that.
    expect(performance.now() - from).toBeLessThan(1500);
    expect(lookup.length).toBe(0);
  });
});

describe('the gauge', () => {
  it('checks many guesses where they come true and cost little, and none where they cost what they bring', () => {
    const gauge = new LookupGauge([1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8]);
    for (let count = 0; count < 100; count += 1) gauge.note(4, true);
    expect(gauge.paying(4, 8)).toBe(8);
    expect(gauge.paying(4, 3)).toBe(3);
    for (let count = 0; count < 100; count += 1) gauge.note(4, count % 2 === 0);
    expect(gauge.paying(4, 8)).toBeGreaterThan(0);
    expect(gauge.paying(4, 8)).toBeLessThan(5);
    gauge.costs = [1, 2, 3, 4, 5];
    expect(gauge.paying(4, 8)).toBe(0);
  });

  it.each([[[]], [[1]], [[1, NaN]], [[1, 0]], [[1, -1]]])(
    'tries none of which it does not know the cost: %j',
    (costs) => {
      expect(new LookupGauge(costs).paying(4, 8)).toBe(0);
    },
  );

  it('switches itself off in text that does not repeat, and on again where it does', () => {
    const lookup = new PromptLookup();
    const random = mulberry32(4);
    const wander = (count: number): number => {
      let guessed = 0;
      for (let index = 0; index < count; index += 1) {
        lookup.learn(Math.floor(random() * 12));
        guessed += lookup.guess().length;
      }
      return guessed;
    };
    wander(300);
    expect(wander(300)).toBeLessThan(60);
    for (let round = 0; round < 6; round += 1) for (const token of row(500, 40)) lookup.learn(token);
    expect(lookup.guess().length).toBeGreaterThan(4);
  });
});

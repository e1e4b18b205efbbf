import { describe, expect, it } from 'vitest';
import { FailureError } from '../../src/shared/protocol/failure';
import { randomAt } from '../../workers/engine/cpu/sampling/counter-random';
import { expOfMinus } from '../../workers/engine/cpu/sampling/exponential';
import { Sampler, type SamplerOptions } from '../../workers/engine/cpu/sampling/sampler';
import { mulberry32 } from '../../workers/engine/seeded-random';

/** The same chain in the plainest way: everything sorted, nothing left out early. */
function naive(
  options: SamplerOptions,
  logits: Float32Array,
  seen: readonly number[],
  allowed?: Int32Array,
): Map<number, number> {
  const { repeatPenalty = 1, presencePenalty = 0, frequencyPenalty = 0, logitBias = {}, temperature = 1 } = options;
  const counts = new Map<number, number>();
  for (const token of seen.slice(-64)) counts.set(token, (counts.get(token) ?? 0) + 1);
  let list = [...logits].map((raw, token) => {
    let logit = raw + (logitBias[token] ?? 0);
    const count = counts.get(token) ?? 0;
    if (count > 0 && logit > -Infinity)
      logit = (logit <= 0 ? logit * repeatPenalty : logit / repeatPenalty) - count * frequencyPenalty - presencePenalty;
    return { token, logit: logit === -Infinity ? logit : Math.fround(Math.max(-1e30, Math.min(1e30, logit))) };
  });
  if (allowed) list = list.filter(({ token }) => (((allowed[token >>> 5] ?? 0) >>> (token & 31)) & 1) === 1);
  list = list
    .filter(({ logit }) => logit > -Infinity)
    .sort((one, other) => other.logit - one.logit || one.token - other.token);
  const best = list[0]?.logit ?? 0;
  if (temperature === 0) return new Map([[list[0]?.token ?? -1, 1]]);
  if (options.topK) list = list.slice(0, options.topK);
  if (options.topP !== undefined && options.topP < 1) {
    const sum = list.reduce((total, { logit }) => total + Math.exp(logit - best), 0);
    let share = 0;
    const last = list.findIndex(({ logit }) => (share += Math.exp(logit - best) / sum) >= (options.topP ?? 1));
    if (last >= 0) list = list.slice(0, last + 1);
  }
  list = list.filter(({ logit }) => Math.exp(logit - best) >= (options.minP ?? 0) * (1 - 1e-9));
  const weights = list.map(({ logit }) => Math.exp((logit - best) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return new Map(list.map(({ token }, index) => [token, (weights[index] ?? 0) / total]));
}

function randomLogits(size: number, random: () => number, spread = 4): Float32Array {
  return Float32Array.from({ length: size }, () => (random() + random() + random() + random() - 2) * spread);
}

const maskOf = (tokens: Iterable<number>, size: number): Int32Array => {
  const mask = new Int32Array(Math.ceil(size / 32));
  for (const token of tokens) mask[token >>> 5] = (mask[token >>> 5] ?? 0) | (1 << (token & 31));
  return mask;
};

function failureOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof FailureError ? error.failure.kind : error;
  }
  return undefined;
}

/** The chi-square that is exceeded once in a thousand, by Wilson and Hilferty. */
const chiSquareLimit = (freedom: number): number =>
  freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3;

describe('the distribution that a token is drawn from', () => {
  it.each<SamplerOptions>([
    {},
    { temperature: 0 },
    { temperature: 0.6, topK: 20, topP: 0.95 },
    { temperature: 0.7, topP: 0.8, topK: 20, minP: 0.01, repeatPenalty: 1.1 },
    { topP: 0.5 },
    { topP: 0 },
    { topK: 1 },
    { topK: 1e9, topP: 0.9999 },
    { minP: 0.1, temperature: 2 },
    { minP: 1 },
    { temperature: 1e-6 },
    { temperature: 100 },
    { repeatPenalty: 1.3, presencePenalty: 0.5, frequencyPenalty: 0.2 },
    { repeatPenalty: 0, frequencyPenalty: -1, topK: 5 },
    { presencePenalty: -3, topP: 0.7 },
    { repeatPenalty: 0, logitBias: { 2: -Infinity } },
    { repeatPenalty: 1e-300, temperature: 0.8 },
    { logitBias: { 3: 5, 5: -Infinity, 0: -100 }, temperature: 0.5 },
    { temperature: 0, repeatPenalty: 1.8, logitBias: { 7: 2 } },
  ])('is that of the plainest way to compute it: %j', (options) => {
    const random = mulberry32(5);
    for (const size of [9, 200, 3001]) {
      for (let round = 0; round < 8; round += 1) {
        const logits = randomLogits(size, random, [0.5, 4, 12][round % 3]);
        // Rows of equals, which have to be told apart.
        if (round % 2 === 1)
          for (let token = 0; token < size; token += 1) logits[token] = Math.round((logits[token] ?? 0) * 2) / 2;
        const seen = Array.from({ length: 90 }, () => Math.floor(random() * Math.min(size, 40)));
        const allowed =
          round % 4 === 3
            ? maskOf(
                Array.from({ length: size }, (_, token) => token).filter((token) => token % 3 === 0 || token === 4),
                size,
              )
            : undefined;
        const sampler = new Sampler(options, size);
        sampler.see(seen.slice(0, 50));
        for (const token of seen.slice(50)) sampler.accept(token);
        const before = logits.slice();
        const { tokens, probabilities } = sampler.distribution(logits, allowed);
        expect(logits).toEqual(before);
        const expected = naive(options, logits, seen, allowed);
        const found = new Map([...tokens].map((token, index) => [token, probabilities[index] ?? 0]));
        for (const token of new Set([...expected.keys(), ...found.keys()]))
          expect(Math.abs((expected.get(token) ?? 0) - (found.get(token) ?? 0))).toBeLessThan(1e-6);
        expect(sampler.choose(logits, allowed)).toBe(sampler.choose(logits, allowed));
        expect(expected.has(sampler.choose(logits, allowed))).toBe(true);
      }
    }
  });

  it.each<SamplerOptions>([
    { seed: 1 },
    { seed: 2, temperature: 0.7, topP: 0.9 },
    { seed: 4_294_967_294, topK: 12, minP: 0.02 },
  ])('is the one that is drawn from: %j', (options) => {
    const size = 60;
    const logits = randomLogits(size, mulberry32(3), 3);
    const sampler = new Sampler(options, size);
    const draws = 20_000;
    const counts = new Map<number, number>();
    for (let draw = 0; draw < draws; draw += 1) {
      const token = sampler.choose(logits);
      sampler.accept(token);
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    let chiSquare = 0;
    let cells = 0;
    let rest = [0, 0];
    for (const [token, probability] of naive(options, logits, [])) {
      const [expected, found] = [probability * draws, counts.get(token) ?? 0];
      counts.delete(token);
      if (expected < 8) rest = [(rest[0] ?? 0) + expected, (rest[1] ?? 0) + found];
      else {
        chiSquare += (found - expected) ** 2 / expected;
        cells += 1;
      }
    }
    if ((rest[0] ?? 0) > 8) chiSquare += ((rest[1] ?? 0) - (rest[0] ?? 0)) ** 2 / (rest[0] ?? 1);
    expect(counts.size).toBe(0);
    expect(cells).toBeGreaterThan(5);
    expect(chiSquare).toBeLessThan(chiSquareLimit(cells));
  });

  it('of equals, the first is taken without temperature', () => {
    const logits = Float32Array.of(1, 3, 3, 2, 3);
    expect(new Sampler({ temperature: 0 }, 5).choose(logits)).toBe(1);
    expect([...new Sampler({ topK: 2 }, 5).distribution(logits).tokens]).toEqual([1, 2]);
    expect(new Sampler({ temperature: 0 }, 5).choose(logits, maskOf([0, 4], 5))).toBe(4);
  });

  it('a window of 64 tokens is looked back on, the prompt included', () => {
    const logits = new Float32Array(4).fill(1);
    const sampler = new Sampler({ temperature: 0, presencePenalty: 1 }, 4);
    sampler.see([0]);
    expect(sampler.choose(logits)).toBe(1);
    for (let count = 0; count < 63; count += 1) sampler.accept(3);
    expect(sampler.choose(logits)).toBe(1);
    sampler.accept(3);
    expect(sampler.choose(logits)).toBe(0);
  });
});

describe('a seed', () => {
  const logits = randomLogits(500, mulberry32(9), 2);
  const answer = (seed: number | undefined): number[] => {
    const sampler = new Sampler(seed === undefined ? {} : { seed }, 500);
    return Array.from({ length: 50 }, () => {
      const token = sampler.choose(logits);
      sampler.accept(token);
      return token;
    });
  };

  it('repeats the answer, and another one does not', () => {
    expect(answer(42)).toEqual(answer(42));
    expect(answer(42)).not.toEqual(answer(43));
    expect(answer(undefined)).not.toEqual(answer(undefined));
  });

  it('that was drawn is told, and repeats the answer too', () => {
    const sampler = new Sampler({}, 500);
    expect(new Sampler({ seed: sampler.seed }, 500).choose(logits)).toBe(sampler.choose(logits));
  });

  it('gives numbers that are spread evenly, by seed and by place', () => {
    for (const at of [
      (index: number) => randomAt(7, index),
      (index: number) => randomAt(index, 7),
      (index: number) => randomAt(index, index),
    ]) {
      const counts = new Array<number>(100).fill(0);
      for (let index = 0; index < 50_000; index += 1) {
        const value = at(index);
        expect(value >= 0 && value < 1).toBe(true);
        counts[Math.floor(value * 100)] = (counts[Math.floor(value * 100)] ?? 0) + 1;
      }
      expect(counts.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0)).toBeLessThan(chiSquareLimit(99));
    }
  });

  it('gives numbers that do not hang on their neighbors', () => {
    let sum = 0;
    for (let index = 0; index < 50_000; index += 1) sum += (randomAt(1, index) - 0.5) * (randomAt(1, index + 1) - 0.5);
    // Twelve times the mean product is the correlation; its deviation is 1/√50000.
    expect(Math.abs((12 * sum) / 50_000)).toBeLessThan(4 / Math.sqrt(50_000));
  });
});

describe('logits that no model computes', () => {
  it.each([NaN, Infinity, -Infinity])('%d anywhere is a failure', (broken) => {
    for (const at of [0, 5, 98, 99, 100]) {
      for (const options of [{ temperature: 0 }, {}, { topK: 3, repeatPenalty: 1.2 }]) {
        const logits = randomLogits(101, mulberry32(1));
        logits[at] = broken;
        expect(failureOf(() => new Sampler(options, 101).choose(logits))).toBe('model-not-finite');
      }
    }
  });

  it('another count of them than the vocabulary has is no fault of the model', () => {
    expect(() => new Sampler({}, 5).choose(new Float32Array(4))).toThrow('4 logits of a vocabulary of 5');
    expect(() => new Sampler({}, 0).choose(new Float32Array(0))).toThrow(RangeError);
  });

  it('all the same, or as far apart as floats can be, they are drawn from', () => {
    const { probabilities } = new Sampler({ topP: 0.5 }, 1000).distribution(new Float32Array(1000));
    expect(probabilities.length).toBe(500);
    expect(new Sampler({ topK: 7 }, 1000).distribution(new Float32Array(1000)).tokens.length).toBe(7);
    expect(new Sampler({ topP: 0.9 }, 3).choose(Float32Array.of(-3.4e38, 3.4e38, 0))).toBe(1);
  });
});

describe('settings', () => {
  it('a form that allows nothing is a failure, not token 0', () => {
    expect(failureOf(() => new Sampler({}, 40).choose(new Float32Array(40), new Int32Array(2)))).toBe('schema-invalid');
  });

  it.each([{ 5: 1 }, { [-1]: 1 }, { 1.5: 1 }, { x: 1 }, { 1: NaN }, { 1: Infinity }, { 1: 101 }])(
    'a bias of %j is refused',
    (logitBias) => {
      expect(failureOf(() => new Sampler({ logitBias }, 5))).toBe('request-invalid');
    },
  );

  it('a bias of -Infinity is never, and of 100 is always', () => {
    const logits = randomLogits(50, mulberry32(2));
    const best = new Sampler({ temperature: 0 }, 50).choose(logits);
    expect([...new Sampler({ logitBias: { [best]: -Infinity } }, 50).distribution(logits).tokens]).not.toContain(best);
    expect(new Sampler({ logitBias: { 7: 100 } }, 50).choose(logits)).toBe(7);
  });
});

describe('the table of exponentials', () => {
  it('is right to eight digits, and ends in nothing', () => {
    for (let x = 0; x <= 30; x += 0.00137) expect(Math.abs(expOfMinus(x) / Math.exp(-x) - 1)).toBeLessThan(1e-7);
    expect([expOfMinus(30.001), expOfMinus(Infinity), expOfMinus(NaN)]).toEqual([0, 0, 0]);
  });
});

// @vitest-environment node
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pooling } from '../../src/shared/protocol/engine';
import { Breath } from '../../workers/engine/cpu/breath';
import { CpuModel } from '../../workers/engine/cpu/cpu-model';
import { embeddingOf } from '../../workers/engine/cpu/embedding';
import { poolingOf } from '../../workers/engine/cpu/pooling';
import { largestPass } from '../../workers/engine/cpu/model-plan';
import { type CompiledKernels, compileKernels } from '../../workers/engine/cpu/kernels';
import { LeftSequences } from '../../workers/engine/cpu/left-sequences';
import { Sequence } from '../../workers/engine/cpu/sequence';
import { readContents } from '../../workers/gguf/gguf-contents';
import { contentOf } from '../fixtures/kernel-products';
import { contextTokens, logitModelBytes, logitModels, promptLengths, promptOf } from '../fixtures/logit-models';
import nativeLogits from '../fixtures/native-logits.json';

interface Recorded {
  /** The logarithm of the sum of what all logits are exponents of. */
  readonly logSumExp: number;
  readonly top: readonly (readonly number[])[];
}
const native: Readonly<Record<string, Readonly<Record<string, Recorded>>>> = nativeLogits;

const never = new AbortController().signal;

let compiled: CompiledKernels;
beforeAll(async () => {
  compiled = await compileKernels(false);
});

async function loaded(name: string, byteCache: boolean): Promise<CpuModel> {
  const model = logitModels.get(name);
  if (!model) throw new Error(`there is no model ${name}`);
  const contents = await readContents([contentOf(logitModelBytes(model))]);
  const options = { contextTokens, byteCache, threads: 1 };
  return CpuModel.load(contents, options, compiled, () => undefined, new AbortController().signal);
}

/** @param passTokens how many tokens go through the model at a time */
async function logitsAfter(model: CpuModel, prompt: readonly number[], passTokens: number): Promise<Float32Array> {
  for (let at = 0; at < prompt.length; at += passTokens) {
    const part = prompt.slice(at, at + passTokens);
    await model.evaluate(part, at, at + part.length === prompt.length ? 1 : 0);
  }
  return model.logits().slice();
}

/** Kullback–Leibler divergence of the engine from native llama.cpp, in nats; tokens that were not recorded count as one. */
function divergence({ logSumExp, top }: Recorded, logits: Float32Array): number {
  const largest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const ownSum = Math.log(logits.reduce((sum, value) => sum + Math.exp(value - largest), 0)) + largest;
  let [sum, left, ownLeft] = [0, 1, 1];
  for (const [token = 0, logit = 0] of top) {
    const share = Math.exp(logit - logSumExp);
    const own = Math.exp((logits[token] ?? Number.NaN) - ownSum);
    sum += share * Math.log(share / own);
    left -= share;
    ownLeft -= own;
  }
  // What is left of nearly nothing is only the rounding of what was recorded.
  return left > 1e-5 ? sum + left * Math.log(left / ownLeft) : sum;
}

/**
 * The most that the mean over all prompts may be. Floats differ by the order of additions. Quantized tokens have the same blocks in
 * both, but llama.cpp keeps the scales of some in 16 bits, and rounds tokens for BF16 to BF16.
 */
const mostWithFloats = (name: string): number => (/ F(32|16)$/.test(name) ? 1e-5 : 1e-3);
/** Of one model with keys and values in bytes, which native llama.cpp kept as floats; and of all of them. */
const mostWithBytes = 3e-3;
const mostOfAllWithBytes = 1e-3;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function divergences(name: string, byteCache: boolean): Promise<number[]> {
  const model = await loaded(name, byteCache);
  const found: number[] = [];
  for (const length of promptLengths) {
    const recorded = native[name]?.[length];
    if (!recorded) throw new Error(`${name} was not recorded`);
    found.push(divergence(recorded, await logitsAfter(model, promptOf(length), largestPass)));
  }
  return found;
}

const withBytes: number[] = [];

describe.each([...logitModels.keys()])('logits of %s', (name) => {
  it('are those of native llama.cpp', async () => {
    const found = await divergences(name, false);
    expect(mean(found), found.join(', ')).toBeLessThanOrEqual(mostWithFloats(name));
  });

  it('are nearly those of native llama.cpp with keys and values in bytes', async () => {
    const found = await divergences(name, true);
    withBytes.push(...found);
    expect(mean(found), found.join(', ')).toBeLessThanOrEqual(mostWithBytes);
  });

  it.each([false, true])('are the same bits however the prompt is cut into passes (bytes: %s)', async (byteCache) => {
    const model = await loaded(name, byteCache);
    for (const length of [5, 33]) {
      const whole = await logitsAfter(model, promptOf(length), largestPass);
      for (const passTokens of [1, 3, 4, 32])
        expect(await logitsAfter(model, promptOf(length), passTokens), `${length} by ${passTokens}`).toEqual(whole);
    }
  });
});

it('Bytes for keys and values change the logits of all models by no more than a thousandth, in the mean', () => {
  expect(withBytes).toHaveLength(logitModels.size * promptLengths.length);
  expect(mean(withBytes)).toBeLessThanOrEqual(mostOfAllWithBytes);
});

describe('a text as a direction', () => {
  const f32 = [...logitModels.keys()].find((name) => /f32/i.test(name)) ?? '';

  const breath = new Breath();
  afterAll(() => breath.end());
  const running = (model: CpuModel): { model: CpuModel; sequence: Sequence } => ({
    model,
    sequence: new Sequence(model, breath, new LeftSequences(0)),
  });

  it('comes from the state that the logits come from', async () => {
    const model = await loaded(f32, false);
    const prompt = promptOf(5);
    await model.evaluate(prompt, 0, 0);
    const state = model.hiddenState(4);
    // The same once more with a norm of one: a direction is the state, whatever its length.
    const direction = await embeddingOf(running(model), prompt, 'last', never);
    const length = Math.hypot(...state);
    for (const [index, value] of state.entries()) expect(direction?.[index]).toBeCloseTo(value / length, 5);
  });

  it.each(['last', 'mean'] as const)(
    'is of length 1, and no other for passes that end elsewhere: %s',
    async (pooling) => {
      const model = await loaded(f32, false);
      const prompt = promptOf(257);
      const whole = (await embeddingOf(running(model), prompt, pooling, never)) ?? new Float32Array();
      expect(Math.hypot(...whole)).toBeCloseTo(1, 5);
      const sum = new Float32Array(whole.length);
      for (const [at, token] of prompt.entries()) {
        await model.evaluate([token], at, 0);
        if (pooling === 'mean' || at === prompt.length - 1)
          for (const [index, value] of model.hiddenState(0).entries()) sum[index] = (sum[index] ?? 0) + value;
      }
      const length = Math.hypot(...sum);
      for (const [index, value] of sum.entries()) expect(whole[index]).toBeCloseTo(value / length, 4);
    },
  );

  it('is pooled as the file says, and as the mean where it says nothing', () => {
    const said = (type?: number): Pooling =>
      poolingOf(
        new Map<string, string | number>([
          ['general.architecture', 'qwen3'],
          ...(type === undefined ? [] : [['qwen3.pooling_type', type] as const]),
        ]),
      );
    expect([said(), said(1), said(3)]).toEqual(['mean', 'mean', 'last']);
  });

  it('differs by pooling, needs a text, and can be stopped', async () => {
    const model = await loaded(f32, false);
    const prompt = promptOf(33);
    expect(await embeddingOf(running(model), prompt, 'last', never)).not.toEqual(
      await embeddingOf(running(model), prompt, 'mean', never),
    );
    await expect(embeddingOf(running(model), [], 'mean', never)).rejects.toThrow('no text');
    expect(await embeddingOf(running(model), prompt, 'mean', AbortSignal.abort())).toBeNull();
  });
});

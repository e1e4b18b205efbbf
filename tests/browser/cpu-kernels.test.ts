import { beforeAll, describe, expect, it } from 'vitest';
import { kernels as fixed } from '../../kernels/build/fixed';
import { kernels as relaxed } from '../../kernels/build/relaxed';
import { CpuModel } from '../../workers/engine/cpu/cpu-model';
import { largestPass } from '../../workers/engine/cpu/model-plan';
import { type CompiledKernels, compileKernels, instantiate } from '../../workers/engine/cpu/kernels';
import { readContents } from '../../workers/gguf/gguf-contents';
import {
  computed,
  edgeProducts,
  type KernelInstance,
  multiplied,
  multipliedPlainly,
  nameOf,
  productPages,
} from '../fixtures/kernel-products';
import { logitModelBytes, logitModels, promptOf } from '../fixtures/logit-models';

const compiled = async (base64: string): Promise<CompiledKernels> => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return { module: await WebAssembly.compile(bytes), relaxed: base64 === relaxed, shared: true };
};

const instance = async ({ module }: CompiledKernels): Promise<KernelInstance> => {
  const memory = new WebAssembly.Memory({ initial: productPages, maximum: productPages, shared: true });
  return { kernels: await instantiate(module, memory), memory };
};

let builds: { readonly relaxed: CompiledKernels; readonly fixed: CompiledKernels };
beforeAll(async () => {
  builds = { relaxed: await compiled(relaxed), fixed: await compiled(fixed) };
});

it('This browser multiplies right by relaxed SIMD, and takes it', async () => {
  expect((await compileKernels(true)).relaxed).toBe(true);
  expect((await compileKernels(false)).relaxed).toBe(true);
});

describe('with and without relaxed SIMD', () => {
  it.each(computed)('products are the same bits, and right: %s', async (type) => {
    const [one, other] = [await instance(builds.relaxed), await instance(builds.fixed)];
    for (const product of edgeProducts(type)) {
      const found = await multiplied(one, product);
      expect(found, nameOf(product)).toEqual(await multiplied(other, product));
      const { values, sizes } = multipliedPlainly(product);
      const wrong = found.findIndex(
        (value, index) => !(Math.abs(value - (values[index] ?? 0)) <= 1e-6 * (sizes[index] ?? 0)),
      );
      expect(wrong, nameOf(product)).toBe(-1);
    }
  });

  it.each([...logitModels.keys()])('logits are the same bits: %s', async (name) => {
    const model = logitModels.get(name);
    if (!model) throw new Error(`there is no model ${name}`);
    const contents = await readContents([new Blob([logitModelBytes(model)])]);
    for (const byteCache of [false, true]) {
      const logits: Float32Array[] = [];
      for (const build of [builds.relaxed, builds.fixed]) {
        const options = { contextTokens: 288, byteCache, threads: 1 };
        const loaded = await CpuModel.load(contents, options, build, () => undefined, new AbortController().signal);
        const prompt = promptOf(257);
        for (let at = 0; at < prompt.length; at += largestPass)
          await loaded.evaluate(prompt.slice(at, at + largestPass), at, 1);
        logits.push(loaded.logits().slice());
      }
      expect(logits[0]).toEqual(logits[1]);
    }
  });
});

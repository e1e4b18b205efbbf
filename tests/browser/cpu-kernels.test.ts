import { beforeAll, describe, expect, it } from 'vitest';
import { kernels as fixed } from '../../kernels/build/fixed';
import { kernels as relaxed16 } from '../../kernels/build/relaxed16';
import { kernels as relaxed32 } from '../../kernels/build/relaxed32';
import { fromBase64 } from '../../src/shared/platform/base64';
import { CpuModel } from '../../workers/engine/cpu/cpu-model';
import { type CompiledKernels, compileKernels, type KernelBuild } from '../../workers/engine/cpu/kernels';
import { largestPass } from '../../workers/engine/cpu/model-plan';
import { readContents } from '../../workers/gguf/gguf-contents';
import { computed, edgeProducts, instanceOf, multiplied, multipliedPlainly, nameOf } from '../fixtures/kernel-products';
import { logitModelBytes, logitModels, promptOf } from '../fixtures/logit-models';

const scripts: Readonly<Record<KernelBuild, string>> = { relaxed16, relaxed32, fixed };
const builds = new Map<KernelBuild, CompiledKernels>();
const others = ['relaxed16', 'relaxed32'] as const;

const built = (build: KernelBuild): CompiledKernels => {
  const kernels = builds.get(build);
  if (!kernels) throw new Error(`${build} is not compiled`);
  return kernels;
};

const instance = ({ module }: CompiledKernels) => instanceOf(module, true);

beforeAll(async () => {
  for (const [build, base64] of Object.entries(scripts) as [KernelBuild, string][]) {
    const bytes = fromBase64(base64);
    builds.set(build, { module: await WebAssembly.compile(bytes), build, shared: true });
  }
});

it('This browser multiplies right by relaxed SIMD, and takes it', async () => {
  expect((await compileKernels(true)).build).toMatch(/^relaxed/);
  expect((await compileKernels(false)).build).toMatch(/^relaxed/);
});

describe('the builds for different processors', () => {
  it.each(computed)('products are the same bits, and right: %s', async (type) => {
    const one = await instance(built('fixed'));
    const rest = await Promise.all(others.map((build) => instance(built(build))));
    for (const product of edgeProducts(type)) {
      const found = await multiplied(one, product);
      for (const other of rest) expect(found, nameOf(product)).toEqual(await multiplied(other, product));
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
      for (const build of [built('fixed'), ...others.map(built)]) {
        const options = { contextTokens: 288, byteCache, threads: 1 };
        const loaded = await CpuModel.load(contents, options, build, () => undefined, new AbortController().signal);
        const prompt = promptOf(257);
        for (let at = 0; at < prompt.length; at += largestPass)
          await loaded.evaluate(prompt.slice(at, at + largestPass), at, 1);
        logits.push(loaded.logits().slice());
      }
      for (const other of logits.slice(1)) expect(logits[0]).toEqual(other);
    }
  });
});

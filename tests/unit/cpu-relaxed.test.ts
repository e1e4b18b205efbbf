// @vitest-environment node
import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernels as fixed } from '../../kernels/build/fixed';
import { kernels as relaxed16 } from '../../kernels/build/relaxed16';
import { kernels as relaxed32 } from '../../kernels/build/relaxed32';
import { compileKernels, hasRelaxedSimd, instantiate, type KernelBuild } from '../../workers/engine/cpu/kernels';
import type { Kernels } from '../../workers/engine/cpu/kernel-exports';
import { multipliesExactly } from '../../workers/engine/cpu/known-product';

interface Instance {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
}

async function instanceOf(base64: string): Promise<Instance> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const module = await WebAssembly.compile(Buffer.from(base64, 'base64'));
  return { kernels: await instantiate(module, memory), memory };
}

describe('the build of the kernels', () => {
  beforeAll(() => {
    // V8 11.3 (Node 20) has the instructions behind this flag, and multiplies wrong by them; later ones have them without it.
    if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  });

  it('without relaxed instructions comes to the known sums', async () => {
    const { kernels, memory } = await instanceOf(fixed);
    expect(multipliesExactly(kernels, memory)).toBe(true);
  });

  it('with relaxed instructions is taken only where it comes to the known sums, too', async () => {
    expect(hasRelaxedSimd()).toBe(true);
    const exact = new Map<KernelBuild, boolean>([['fixed', true]]);
    for (const [build, base64] of [
      ['relaxed16', relaxed16],
      ['relaxed32', relaxed32],
    ] as const) {
      const { kernels, memory } = await instanceOf(base64);
      exact.set(build, multipliesExactly(kernels, memory));
      // Known of this version, so that the check is seen to say no somewhere.
      if (process.versions.v8.startsWith('11.3.') && build === 'relaxed32') expect(exact.get(build)).toBe(false);
    }
    for (const shared of [false, true]) {
      const { build } = await compileKernels(shared);
      expect(exact.get(build), build).toBe(true);
      if ([...exact.values()].every(Boolean)) expect(build).not.toBe('fixed');
    }
  });

  it.each([0, 1, 2, 3])('is refused for one wrong sum, that of row %i', async (row) => {
    const { kernels, memory } = await instanceOf(fixed);
    const lying: Kernels = {
      ...kernels,
      multiply: (...product) => {
        kernels.multiply(...product);
        const sum = new Float32Array(memory.buffer, product[8] + row * 4, 1);
        sum[0] = (sum[0] ?? 0) + 1;
      },
    };
    expect(multipliesExactly(lying, memory)).toBe(false);
  });

  it('is checked in next to no time', async () => {
    const { kernels, memory } = await instanceOf(fixed);
    const times = Array.from({ length: 20 }, () => {
      const from = performance.now();
      multipliesExactly(kernels, memory);
      return performance.now() - from;
    });
    expect(Math.min(...times)).toBeLessThan(2);
    expect(times[0], 'the first time').toBeLessThan(20);
  });
});

/** The compiled arithmetic (kernels/), in the form that this browser can run. */
import { fromBase64 } from '../../../src/shared/platform/base64';
import { failed, FailureError } from '../../../src/shared/protocol/failure';
import { loadPart } from '../../load-part';
import type { Kernels } from './kernel-exports';
import { knownProductPages, multipliesExactly } from './known-product';

/** See kernels/arithmetic/dot.ts. */
export type KernelBuild = 'relaxed16' | 'relaxed32' | 'fixed';

export interface CompiledKernels {
  readonly module: WebAssembly.Module;
  readonly build: KernelBuild;
  /** Whether several threads can share its memory. */
  readonly shared: boolean;
}

/**
 * A module with one relaxed instruction, which browsers without it refuse. It returns
 * i32x4.relaxed_dot_i8x16_i7x16_add_s(i8x16.splat(127), i8x16.splat(255), i32x4.splat(0)), lane 0: the second operand is larger than
 * the instruction is made for, and the result tells how the processor computes it.
 */
const relaxedProbe = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, 5, 1, 1, 0x61, 0, 0, 10, 24, 1, 22, 0],
  ...[0x41, 0xff, 0, 0xfd, 15, 0x41, 0xff, 1, 0xfd, 15, 0x41, 0, 0xfd, 17, 0xfd, 0x93, 2, 0xfd, 27, 0, 0x0b],
]);

/** Twice 127 · 255 · 2, each cut off at 16 bits: four products are two steps of two, and the shorter step is the faster one. */
const twoSaturatedPairs = 2 * 32_767;

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(relaxedProbe);

/** Which of the two builds with relaxed SIMD is the faster here. */
async function relaxedBuild(): Promise<KernelBuild> {
  const { instance } = await WebAssembly.instantiate(relaxedProbe);
  const { a: quad } = instance.exports as { readonly a: () => number };
  return quad() === twoSaturatedPairs ? 'relaxed16' : 'relaxed32';
}

function loadKernels(build: KernelBuild): Promise<{ readonly kernels: string }> {
  switch (build) {
    case 'relaxed16':
      return loadPart(() => import('../../../kernels/build/relaxed16'));
    case 'relaxed32':
      return loadPart(() => import('../../../kernels/build/relaxed32'));
    case 'fixed':
      return loadPart(() => import('../../../kernels/build/fixed'));
  }
}

/**
 * Loads and compiles the kernels: with relaxed SIMD where the browser has it and comes to the right sums by it.
 * @param shared whether threads are to share the memory, which only an isolated page allows
 * @throws FailureError `part-unreachable`, or `wasm-unsupported` where the browser lacks SIMD
 */
export async function compileKernels(shared: boolean): Promise<CompiledKernels> {
  if (hasRelaxedSimd()) {
    const build = await relaxedBuild();
    const module = await exactModule(build, shared);
    if (module) return { module, build, shared };
  }
  const { kernels } = await loadKernels('fixed');
  try {
    return { module: await moduleFrom(kernels, shared), build: 'fixed', shared };
  } catch (error) {
    throw new FailureError(failed('wasm-unsupported', String(error)).failure);
  }
}

/** Nothing where the browser does not take the module after all, or multiplies wrong. */
async function exactModule(build: KernelBuild, shared: boolean): Promise<WebAssembly.Module | undefined> {
  const { kernels } = await loadKernels(build);
  try {
    const module = await moduleFrom(kernels, shared);
    const memory = new WebAssembly.Memory({ initial: knownProductPages, maximum: knownProductPages, shared });
    return multipliesExactly(await instantiate(module, memory), memory) ? module : undefined;
  } catch {
    return undefined;
  }
}

/** @param base64 as part of a script: nothing in this thread may fetch */
function moduleFrom(base64: string, shared: boolean): Promise<WebAssembly.Module> {
  const bytes = fromBase64(base64);
  return WebAssembly.compile(shared ? bytes : withOwnMemory(bytes));
}

/** Import "env" "memory", a memory that is shared: how it lies in the file. */
const sharedMemoryImport = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3];

/** The same module for a memory that is not shared: one bit of its import says so, and atomic instructions work there, too. */
function withOwnMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = bytes.findIndex((_, index) => sharedMemoryImport.every((byte, offset) => bytes[index + offset] === byte));
  if (at < 0) throw new Error('the kernels import no shared memory');
  const changed = bytes.slice();
  changed[at + sharedMemoryImport.length - 1] = 1;
  return changed;
}

/** Puts the kernels over a memory. Each thread has an instance of its own. */
export async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports as unknown as Kernels;
}

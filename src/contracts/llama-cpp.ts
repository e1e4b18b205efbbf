/**
 * Which build of llama.cpp this browser can run. Found by trying what the browser can do, never by its name. Page, engine
 * worker, weights worker and service worker ask here, so they never disagree.
 */
import type { Failure } from './failure';

/** `main` has 64-bit memory. `compat` is for browsers without it: Safari, and others that are some years old. */
export type LlamaCppBuild = 'main' | 'compat';

/** `webassembly`: there is none, as in a strict mode. `features`: no SIMD, or no memory that threads can share. */
export type LlamaCppLack = 'webassembly' | 'features';

const pageBytes = 64 * 1024;

/** A function that uses one instruction of 128-bit SIMD, and nothing else. */
const simdModule = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0xfd, 98,
  11,
]);

/** Why llama.cpp cannot run here at all; null where it can. */
export function llamaCppLack(): LlamaCppLack | null {
  if (typeof WebAssembly !== 'object') return 'webassembly';
  return WebAssembly.validate(simdModule) && grantsMemory('compat', pageBytes) ? null : 'features';
}

/** The build for this browser; null where none can run. */
export function llamaCppBuild(): LlamaCppBuild | null {
  if (llamaCppLack() !== null) return null;
  return grantsMemory('main', pageBytes) ? 'main' : 'compat';
}

/** Said before anything is loaded, and when it is tried all the same. */
export const lackFailure = (lack: LlamaCppLack): Failure =>
  lack === 'webassembly'
    ? { kind: 'wasm-unsupported', technical: 'WebAssembly is missing' }
    : { kind: 'browser-outdated', technical: 'WebAssembly has no SIMD, or no shared memory' };

/**
 * Whether the browser grants a build a memory that may grow up to so many bytes. Reserves addresses for a moment, but no
 * memory.
 */
export function grantsMemory(build: LlamaCppBuild, mostBytes: number): boolean {
  const maximum = mostBytes / pageBytes;
  // The types know 32-bit addresses only.
  const descriptor =
    build === 'main'
      ? ({ address: 'i64', initial: 1n, maximum: BigInt(maximum) } as unknown as WebAssembly.MemoryDescriptor)
      : { initial: 1, maximum };
  try {
    new WebAssembly.Memory({ ...descriptor, shared: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Which build of llama.cpp this browser can run, and with how much memory. Found by trying what the browser can do, never by
 * its name. Page, engine worker, weights worker and service worker ask here, so they never disagree.
 */
import type { Failure } from './failure';

/** `main` has 64-bit memory. `compat` is for browsers without it: Safari, and others that are some years old. */
export type LlamaCppBuild = 'main' | 'compat';

/** `webassembly`: there is none, as in a strict mode. `features`: an older browser, without SIMD or memory that threads can share. */
export type LlamaCppLack = 'webassembly' | 'features';

export interface LlamaCppFacts {
  readonly build: LlamaCppBuild;
  /** Bytes of WebAssembly memory that the browser grants one engine: weights, KV cache and the engine itself. */
  readonly memoryBytes: number;
  /** The largest single file that the build can read, in bytes. */
  readonly fileBytes: number;
  /** Whether it can use a GPU, too: that needs calls that wait inside WebAssembly (JSPI), and the build with 64-bit memory. */
  readonly gpu: boolean;
}

/** With 32 bits, positions in a file are signed: beyond this, llama.cpp takes a whole file for one that is cut off. */
const largestFile: Readonly<Record<LlamaCppBuild, number>> = { main: Infinity, compat: 2 ** 31 - 1 };

/** Both builds end here, whatever the device has. */
const mostMemoryBytes = 4 * 1024 ** 3;
const leastMemoryBytes = 256 * 1024 ** 2;
const memoryStepBytes = 256 * 1024 ** 2;
const pageBytes = 64 * 1024;

/** A function that uses one instruction of 128-bit SIMD, and nothing else. */
const simdModule = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0xfd, 98,
  11,
]);

/** Why llama.cpp cannot run here at all; null where it can. */
export function llamaCppLack(): LlamaCppLack | null {
  if (typeof WebAssembly !== 'object') return 'webassembly';
  return WebAssembly.validate(simdModule) && canAllocate(false, pageBytes) ? null : 'features';
}

/** The build for this browser; null where none can run. */
export function llamaCppBuild(): LlamaCppBuild | null {
  if (llamaCppLack() !== null) return null;
  return canAllocate(true, pageBytes) ? 'main' : 'compat';
}

/** All that is known before anything is loaded; null where no build can run. Reserves addresses for a moment, but no memory. */
export function llamaCppFacts(): LlamaCppFacts | null {
  const build = llamaCppBuild();
  if (build === null) return null;
  return {
    build,
    memoryBytes: grantedMemoryBytes(build),
    fileBytes: largestFile[build],
    gpu: build === 'main' && 'Suspending' in WebAssembly,
  };
}

/** Said before anything is loaded, and when it is tried all the same. */
export const lackFailure = (lack: LlamaCppLack): Failure =>
  lack === 'webassembly'
    ? { kind: 'wasm-unsupported', technical: 'WebAssembly is missing' }
    : { kind: 'browser-outdated', technical: 'WebAssembly has no SIMD, or no shared memory' };

/** Browsers on phones grant less than others: the engine, too, takes what it can get. */
function grantedMemoryBytes(build: LlamaCppBuild): number {
  let bytes = mostMemoryBytes;
  while (bytes > leastMemoryBytes && !canAllocate(build === 'main', bytes)) bytes -= memoryStepBytes;
  return bytes;
}

/** Whether the browser grants a memory that may grow up to so many bytes, with 64-bit addresses or 32-bit ones. */
function canAllocate(has64Bits: boolean, mostBytes: number): boolean {
  const maximum = mostBytes / pageBytes;
  // The types know 32-bit addresses only.
  const descriptor = has64Bits
    ? ({ address: 'i64', initial: 1n, maximum: BigInt(maximum) } as unknown as WebAssembly.MemoryDescriptor)
    : { initial: 1, maximum };
  try {
    new WebAssembly.Memory({ ...descriptor, shared: true });
    return true;
  } catch {
    return false;
  }
}

/** Whether the engine can have several threads here. */
export const hasThreads = (): boolean =>
  globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === 'function';

/**
 * Which build of llama.cpp this browser can run. Found by trying what the browser can do, never by its name. Page, engine
 * worker, weights worker and service worker ask here, so they never disagree.
 */
import { type WasmLack, wasmLack } from './wasm-features';

/** `main` has 64-bit memory. `compat` is for browsers without it: Safari, and others that are some years old. */
export type LlamaCppBuild = 'main' | 'compat';

const pageBytes = 64 * 1024;

/** Why llama.cpp cannot run here at all; null where it can. */
export const llamaCppLack = (): WasmLack | null =>
  wasmLack() ?? (grantsMemory('compat', pageBytes) ? null : 'features');

/** The build for this browser; null where none can run. */
export function llamaCppBuild(): LlamaCppBuild | null {
  if (llamaCppLack() !== null) return null;
  return grantsMemory('main', pageBytes) ? 'main' : 'compat';
}

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

/** What the engines on the CPU want of WebAssembly. Found by trying, never by the name of a browser. */
import type { Failure } from '../protocol/failure';

/** `webassembly`: there is none, as in a strict mode. `features`: no SIMD, or none of the memory that an engine needs. */
export type WasmLack = 'webassembly' | 'features';

/** A function that uses one instruction of 128-bit SIMD, and nothing else. */
const simdModule = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0xfd, 98,
  11,
]);

/** Why no engine can run on the CPU here; null where Sotto's own can. */
export function wasmLack(): WasmLack | null {
  if (typeof WebAssembly !== 'object') return 'webassembly';
  return WebAssembly.validate(simdModule) ? null : 'features';
}

/** Said before anything is loaded, and when it is tried all the same. */
export const lackFailure = (lack: WasmLack): Failure =>
  lack === 'webassembly'
    ? { kind: 'wasm-unsupported', technical: 'WebAssembly is missing' }
    : { kind: 'browser-outdated', technical: 'WebAssembly has no SIMD, or no shared memory' };

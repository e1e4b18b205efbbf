/** The build for browsers without 64-bit memory. Imported only there: it is twice as large as the other. */
import code from '@wllama/wllama-compat/wasm/wllama.js?raw';
import wasmPath from '@wllama/wllama-compat/wasm/wllama.wasm?url';
import type { WllamaCompat } from '@wllama/wllama/esm/index.js';

const pageBytes = 64 * 1024;

/**
 * Runs in each of its workers before its own code. For one thread it asks for a memory that may grow to 4 GiB, come what may,
 * and a phone that refuses could run nothing; so it gets the most that the browser grants.
 */
const limitMemory = (mostBytes: number): string => `
{
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = class extends Memory {
    constructor(wanted) {
      super({ ...wanted, maximum: Math.min(wanted.maximum, ${mostBytes / pageBytes}) });
    }
  };
}
`;

/** @param mostBytes how large its memory may become */
export const compatFiles = (mostBytes: number): WllamaCompat => ({
  worker: { code: limitMemory(mostBytes) + code },
  wasm: new URL(wasmPath, self.location.href).href,
});

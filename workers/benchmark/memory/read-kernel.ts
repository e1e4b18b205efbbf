/** One thread that reads its slice of a memory over and over. Runs in a worker of its own. */
import { readModule, roundBytes } from './read-module';

export interface Slice {
  /** Shared by all threads; absent where there is only one, which then has a memory of its own. */
  readonly memory?: WebAssembly.Memory;
  /** From where in it, and how much. */
  readonly offset: number;
  readonly bytes: number;
}

export interface Reading {
  readonly bytes: number;
  readonly milliseconds: number;
}

export const pageBytes = 65_536;

export class ReadKernel {
  #read: (at: number, limit: number) => number = () => 0;
  #offset = 0;
  /** Of everything read, so that it was not for nothing. */
  #folded = 0;

  /** @throws RangeError where the memory is not to be had */
  prepare({ memory: given, offset, bytes }: Slice): void {
    const pages = Math.ceil(bytes / pageBytes);
    const memory = given ?? new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readModule(given !== undefined)), {
      env: { memory },
    });
    this.#read = instance.exports['read'] as (at: number, limit: number) => number;
    this.#offset = offset;
    // Untouched memory is one page of zeros, mapped over and over: it would be read from the cache.
    new Uint8Array(memory.buffer, offset, bytes).fill(0x5a);
  }

  /** Reads the first `bytes` of the slice again and again, for at least so long. */
  read(bytes: number, milliseconds: number): Reading {
    const limit = this.#offset + Math.max(roundBytes, Math.floor(bytes / roundBytes) * roundBytes);
    const startedAt = performance.now();
    let passes = 0;
    let elapsed = 0;
    while (elapsed < milliseconds) {
      this.#folded ^= this.#read(this.#offset, limit);
      passes += 1;
      elapsed = performance.now() - startedAt;
    }
    return { bytes: passes * (limit - this.#offset), milliseconds: elapsed };
  }

  get folded(): number {
    return this.#folded;
  }
}

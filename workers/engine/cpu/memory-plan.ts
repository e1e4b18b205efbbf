/** Lays out the memory of a model before anything is loaded: so that it is asked for once, and refused before gigabytes are read. */

import { failed, FailureError } from '../../../src/shared/protocol/failure';

/** What the kernels keep for themselves: tables of sines, at the beginning. */
const kernelBytes = 64 * 1024;
const pageBytes = 65_536;
/** Addresses have 32 bits. */
const mostPages = 65_536;
/** Vectors are read 16 bytes at a time, and neighbors in memory should not share a line of the processor's cache. */
const alignment = 64;

export class MemoryPlan {
  #end = kernelBytes;

  /** The address of the next `bytes` bytes. */
  place(bytes: number): number {
    const address = this.#end;
    this.#end += Math.ceil(bytes / alignment) * alignment;
    return address;
  }

  get bytes(): number {
    return this.#end;
  }

  get pages(): number {
    return Math.ceil(this.#end / pageBytes);
  }
}

/**
 * Asks for a memory of the size that is needed, and never grows it.
 * @throws FailureError `model-too-large` beyond what addresses reach, `out-of-memory` where the device refuses; both with the bytes
 */
export function grantMemory(pages: number, shared: boolean): WebAssembly.Memory {
  const neededBytes = pages * pageBytes;
  if (pages > mostPages) {
    const numbers = { neededBytes, availableBytes: mostPages * pageBytes };
    throw new FailureError(failed('model-too-large', 'more than 32-bit addresses reach', { numbers }).failure);
  }
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const numbers = { neededBytes, availableBytes: grantedPages(pages, shared) * pageBytes };
    throw new FailureError(failed('out-of-memory', error.message, { numbers }).failure);
  }
}

/** How many pages can be had, to a factor of two: each memory that is tried lies about until it is collected, so few are. */
function grantedPages(refused: number, shared: boolean): number {
  for (let pages = refused >> 1; pages > 0; pages >>= 1) {
    try {
      new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
      return pages;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return 0;
}

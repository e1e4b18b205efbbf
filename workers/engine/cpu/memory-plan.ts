/** Lays out the memory of a model before anything is loaded: so that it is asked for once, and refused before gigabytes are read. */

/** What the kernels keep for themselves: tables of sines, at the beginning. */
const kernelBytes = 64 * 1024;
const pageBytes = 65_536;
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

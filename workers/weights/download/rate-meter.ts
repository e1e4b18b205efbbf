/** Bytes per second over the last seconds: steady enough to read, quick enough to notice that the network has changed. */
const windowMs = 5000;
/** Below this, a rate would be a guess. */
const leastMs = 800;

export class RateMeter {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** @param bytes received in all; @param at ms of `performance.now()` */
  add(bytes: number, at: number): void {
    const last = this.#samples.at(-1);
    // Thrown away content or a pause: what was before tells nothing of what comes.
    if (last && bytes < last.bytes) this.#samples = [];
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) > windowMs) this.#samples.shift();
  }

  /** Null until there is something to tell. */
  get bytesPerSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < leastMs) return null;
    return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
  }

  restart(): void {
    this.#samples = [];
  }
}

/** A timer that fires so much late slept with its machine: the GPU slept, too. */
const sleepMs = 10_000;

/** Notices that a GPU does not come back: it is fed by each sign of life. */
export class Watchdog {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fedAt = 0;
  #bark: () => void = () => undefined;
  readonly barked: Promise<void>;

  constructor(private patienceMs: number) {
    this.barked = new Promise((resolve) => (this.#bark = resolve));
    this.feed();
  }

  feed(): void {
    clearTimeout(this.#timer);
    this.#fedAt = Date.now();
    this.#timer = setTimeout(() => {
      if (Date.now() - this.#fedAt > this.patienceMs + sleepMs) this.feed();
      else this.#bark();
    }, this.patienceMs);
  }

  /** @param milliseconds from now on, counted from now */
  waitFor(milliseconds: number): void {
    this.patienceMs = milliseconds;
    this.feed();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** Lets several loops sleep until something has changed. */
export class Wakeup {
  #sleepers = new Set<() => void>();

  /** Resolves at the next `all()`. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#sleepers.add(resolve));
  }

  /** Resolves at the next `all()`, or after `ms`. */
  waitAtMost(ms: number): Promise<void> {
    return this.within(ms, this.wait());
  }

  /** Resolves after `ms`, or with what `wait()` gave: earlier, where something is looked at between that and the sleep. */
  async within(ms: number, woken: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const elapsed = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([woken, elapsed]);
    clearTimeout(timer);
  }

  all(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = new Set();
    for (const wake of sleepers) wake();
  }
}

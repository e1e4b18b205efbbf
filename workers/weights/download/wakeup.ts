/** Lets several loops sleep until something has changed. */
export class Wakeup {
  #sleepers = new Set<() => void>();

  /** Resolves at the next `all()`. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#sleepers.add(resolve));
  }

  /** Resolves at the next `all()`, or after `ms`. */
  async waitAtMost(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const elapsed = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([this.wait(), elapsed]);
    clearTimeout(timer);
  }

  all(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = new Set();
    for (const wake of sleepers) wake();
  }
}

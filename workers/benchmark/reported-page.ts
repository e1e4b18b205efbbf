import type { PageState } from '../../src/shared/protocol/benchmark';

/** What the page said of itself last, and whether it was ever hidden since some moment. */
export class ReportedPage {
  #state: PageState = { visible: true, pressed: false };
  #timesHidden = 0;
  readonly #waiting = new Set<() => void>();

  get state(): PageState {
    return this.#state;
  }

  /** Compared before and after: another number, and it was hidden in between. Counts a page that is hidden now. */
  get timesHidden(): number {
    return this.#timesHidden;
  }

  update(state: PageState): void {
    if (!state.visible && this.#state.visible) this.#timesHidden += 1;
    this.#state = state;
    for (const look of [...this.#waiting]) look();
  }

  /** Resolves when the state is as wanted, or the signal aborts. */
  until(isWanted: (state: PageState) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!signal.aborted && !isWanted(this.#state)) return;
        this.#waiting.delete(look);
        signal.removeEventListener('abort', look);
        resolve();
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', look);
      look();
    });
  }
}

/** Messages that are there at once when a conversation opens: as many as fill a screen. */
const first = 12;
/** Added in one idle moment of the browser; small enough that it is never felt while scrolling. */
const step = 16;
/** The older messages wait no longer than this for the words of the first, in ms. */
const patienceMs = 1000;

const whenIdle = (work: () => void): (() => void) => {
  // Safari has no idle moments to offer.
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(work, 30);
    return () => clearTimeout(timer);
  }
  const id = requestIdleCallback(work, { timeout: 300 });
  return () => cancelIdleCallback(id);
};

/**
 * A long conversation is shown from its end: what is read first is there first, and the older messages follow, a few at a time,
 * until all of them are in the page, where the browser's search and screen readers find them.
 */
export class GradualList {
  #from = $state(0);
  #stop: () => void = () => {};

  /** @param length of the whole list, as it opens */
  constructor(length: number) {
    this.#from = Math.max(0, length - first);
  }

  /** The index of the first message that is shown. */
  get from(): number {
    return this.#from;
  }

  /** Shows all from this index on, at once. */
  reach(index: number): void {
    this.#from = Math.min(this.#from, Math.max(0, index));
  }

  /**
   * Adds the older ones until there are no more.
   * @param drawn resolves when the messages that are there at once have been drawn; the others would be in their way
   * @returns a function that ends it
   */
  start(drawn: Promise<void>): () => void {
    if (this.#from === 0) return () => {};
    let ended = false;
    const next = (): void => {
      this.#from = Math.max(0, this.#from - step);
      if (this.#from > 0) this.#stop = whenIdle(next);
    };
    const patience = new Promise((resolve) => setTimeout(resolve, patienceMs));
    void Promise.race([drawn, patience]).then(() => {
      if (!ended) this.#stop = whenIdle(next);
    });
    return () => {
      ended = true;
      this.#stop();
    };
  }
}

/**
 * Lets this thread hear what it is told, every few milliseconds: a stop, or that the page is hidden. A message to oneself is the
 * quickest way to the end of a task; a timer would wait for four milliseconds, and for a second in a hidden page.
 */

/** How long a message may wait, in ms. */
const longestMs = 12;

export class Breath {
  readonly #channel = new MessageChannel();
  #lastAt = performance.now();
  #waiting: (() => void)[] = [];

  constructor() {
    this.#channel.port1.onmessage = (): void => {
      for (const resume of this.#waiting.splice(0)) resume();
    };
  }

  /** Resolves at once, or after the messages that have come by now. */
  async take(): Promise<void> {
    if (performance.now() - this.#lastAt < longestMs) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#channel.port2.postMessage(null);
    });
    this.#lastAt = performance.now();
  }

  end(): void {
    this.#channel.port1.close();
  }
}

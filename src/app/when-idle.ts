/** How long nobody must have touched the page, in ms: whoever reads an answer is about to go on. */
const quietMs = 10_000;
const lookAgainMs = 2000;

/** Runs something each time when it is due and the page is left alone, in sight and with nothing going on. */
export class WhenIdle {
  #touchedAt = performance.now();

  /** @param isInTheWay asked every two seconds: something goes on, or there is nothing to do */
  constructor(
    private readonly isInTheWay: () => boolean,
    private readonly work: () => void,
  ) {}

  start(): void {
    const touched = (): void => void (this.#touchedAt = performance.now());
    for (const kind of ['pointerdown', 'keydown', 'wheel', 'hashchange'])
      addEventListener(kind, touched, { passive: true });
    setInterval(() => {
      if (document.hidden || this.isInTheWay()) touched();
      else if (performance.now() - this.#touchedAt >= quietMs) {
        touched();
        this.work();
      }
    }, lookAgainMs);
  }
}

/** Tells how long a run has left, from the pace of the contender that answers now: the next one may be faster or slower. */
export class RunClock {
  #begunAt = 0;
  #answers = 0;

  constructor(
    /** Answers of the whole run. */
    readonly total: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  contenderBegins(): void {
    this.#begunAt = this.now();
    this.#answers = 0;
  }

  answerCame(): void {
    this.#answers += 1;
  }

  /** In ms; null until two answers have come. */
  leftMs(done: number): number | null {
    if (this.#answers < 2) return null;
    return ((this.now() - this.#begunAt) / this.#answers) * Math.max(0, this.total - done);
  }
}

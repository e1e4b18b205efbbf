/** What passes over few tokens take on this device, so that guessing ahead is done only where it pays. */

/** How much the newest time weighs. The device's speed drifts: it gets warm, and others use it. */
const weight = 0.2;

export class PassTimes {
  /** ms by the count of tokens */
  readonly #times: number[] = [];

  /** Takes the time of a pass, in ms. */
  note(tokens: number, milliseconds: number): void {
    const before = this.#times[tokens];
    this.#times[tokens] = before === undefined ? milliseconds : before + weight * (milliseconds - before);
  }

  /**
   * Costs of passes with 0, 1, 2… guesses, relative to one without.
   * @param usual what is believed until enough was measured
   */
  costs(usual: readonly number[]): readonly number[] {
    const single = this.#times[1];
    if (single === undefined) return usual;
    return usual.map((cost, guesses) => {
      const measured = this.#times[guesses + 1];
      return measured === undefined ? cost : measured / single;
    });
  }
}

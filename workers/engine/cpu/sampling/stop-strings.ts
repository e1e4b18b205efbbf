/**
 * Ends a stream of text where one of some strings appears in it. What may be the beginning of one is held back until it is known
 * not to be; so the pieces that come out never hold a part of a stop string that comes later.
 */
export class StopStrings {
  readonly #stops: readonly string[];
  #held = '';
  #met = false;

  /** @param stops none of them empty */
  constructor(stops: readonly string[]) {
    // The text of an answer is well-formed: half a surrogate pair would never be met.
    this.#stops = [...new Set(stops)].filter((stop) => stop !== '').map((stop) => stop.toWellFormed());
  }

  /** Whether one was met. What comes after it is not told any more. */
  get met(): boolean {
    return this.#met;
  }

  /** @returns what of the text so far can be shown, and was not before */
  push(text: string): string {
    if (this.#met) return '';
    const unsure = this.#held + text;
    const from = this.#firstIn(unsure);
    if (from !== undefined) {
      this.#met = true;
      this.#held = '';
      return unsure.slice(0, from);
    }
    const sure = unsure.length - this.#beginningAtEnd(unsure);
    this.#held = unsure.slice(sure);
    return unsure.slice(0, sure);
  }

  /** The rest, when the answer is at its end without a stop string. */
  flush(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  /** Where the one begins that is complete first, the longest of several: what is met then hangs on no border of a token. */
  #firstIn(text: string): number | undefined {
    let first: number | undefined;
    let firstEnd = Infinity;
    for (const stop of this.#stops) {
      const from = text.indexOf(stop);
      const end = from + stop.length;
      if (from === -1 || end > firstEnd || (end === firstEnd && first !== undefined && from > first)) continue;
      first = from;
      firstEnd = end;
    }
    return first;
  }

  /** How many characters at the end may be the beginning of a stop string. */
  #beginningAtEnd(text: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length -= 1) {
        if (text.endsWith(stop.slice(0, length))) {
          longest = length;
          break;
        }
      }
    }
    return longest;
  }
}

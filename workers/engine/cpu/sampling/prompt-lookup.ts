/**
 * Guesses the next tokens by looking back: where the last few tokens stood before in the conversation, what followed them then
 * may follow now. Good where an answer repeats its question: code that is edited, summaries, documents.
 *
 * Every place of every n-gram is in a chain, newest first, that begins in a table of fixed size:
 *
 *     heads[hash of the n-gram] ─► place ─► before[place] ─► … ─► -1
 *
 * Different n-grams may share a chain; so places are compared before they are believed. Learning a token costs the same however
 * long the conversation is.
 */
import { LookupGauge } from './lookup-gauge';

/** Tokens that have to be the same for a guess, tried in this order. */
const lengths = [4, 3, 2] as const;
const tableBits = 14;
/** Places of a chain that are looked at: more are found only in the most monotonous texts. */
const mostPlaces = 24;
export const mostGuesses = 10;

interface Run {
  /** Tokens that were the same when it was found. */
  readonly length: number;
  /** Where the token stands that was followed by what is guessed next. */
  place: number;
  /** Guesses that have come true. */
  done: number;
}

/** Each guess that comes true is one more token that is the same here and there. */
const agreed = ({ length, done }: Run): number => Math.min(lengths[0], length + done);

class Places {
  readonly #heads = new Int32Array(2 ** tableBits).fill(-1);
  readonly #before: number[] = [];

  constructor(
    private readonly length: number,
    private readonly tokens: readonly number[],
  ) {}

  /** Enters the n-gram that ends at `place`, which is the last token. */
  add(place: number): void {
    const slot = this.#slot(place);
    this.#before.push(slot < 0 ? -1 : (this.#heads[slot] as number));
    if (slot >= 0) this.#heads[slot] = place;
  }

  /** Takes the n-gram back that was entered last. */
  remove(place: number): void {
    const slot = this.#slot(place);
    const before = this.#before.pop();
    if (slot >= 0 && before !== undefined) this.#heads[slot] = before;
  }

  /** Where the n-gram that ends at `place` ended the last time before. */
  lastBefore(place: number): number | undefined {
    let earlier = this.#before[place] ?? -1;
    for (let tried = 0; earlier >= 0 && tried < mostPlaces; tried += 1) {
      if (this.#same(earlier, place)) return earlier;
      earlier = this.#before[earlier] ?? -1;
    }
    return undefined;
  }

  #same(one: number, other: number): boolean {
    for (let back = 0; back < this.length; back += 1)
      if (this.tokens[one - back] !== this.tokens[other - back]) return false;
    return true;
  }

  #slot(place: number): number {
    if (place + 1 < this.length) return -1;
    let hash = this.length;
    for (let back = 0; back < this.length; back += 1)
      hash = Math.imul(hash ^ (this.tokens[place - back] as number), 0x9e3779b1) ^ (hash >>> 15);
    return hash >>> (32 - tableBits);
  }
}

export class PromptLookup {
  readonly #tokens: number[] = [];
  readonly #places = lengths.map((length) => ({ length, places: new Places(length, this.#tokens) }));
  /** Guesses that are compared with what comes, tried or not: so the gauge knows what they are worth while they are off. */
  #run: Run | undefined;

  constructor(readonly gauge = new LookupGauge()) {}

  get length(): number {
    return this.#tokens.length;
  }

  /** Takes tokens that were not generated, as those of a prompt. */
  read(tokens: Iterable<number>): void {
    for (const token of tokens) this.#add(token);
    this.#run = undefined;
  }

  /** Takes a generated token. */
  learn(token: number): void {
    const run = this.#currentRun();
    this.#add(token);
    if (!run) return;
    const right = this.#tokens[run.place + 1] === token;
    this.gauge.note(agreed(run), right);
    run.place += 1;
    run.done += 1;
    if (!right) this.#run = undefined;
  }

  /** Forgets what comes after the first `length` tokens: an answer is written anew. */
  cut(length: number): void {
    while (this.#tokens.length > Math.max(0, length)) {
      const place = this.#tokens.length - 1;
      for (const { places } of this.#places) places.remove(place);
      this.#tokens.pop();
    }
    this.#run = undefined;
  }

  /** As many as it pays to check, at most `most`; often none. */
  guess(most = mostGuesses): number[] {
    const run = this.#currentRun();
    if (!run) return [];
    const count = this.gauge.paying(agreed(run), most);
    const end = this.#tokens.length - 1;
    const guesses: number[] = [];
    // Where what followed reaches the end, it goes on with the guesses themselves: a row that repeats itself.
    for (let at = run.place + 1; guesses.length < count; at += 1)
      guesses.push((at <= end ? this.#tokens[at] : guesses[at - end - 1]) as number);
    return guesses;
  }

  #add(token: number): void {
    this.#tokens.push(token);
    for (const { places } of this.#places) places.add(this.#tokens.length - 1);
  }

  #currentRun(): Run | undefined {
    this.#run ??= this.#find();
    return this.#run;
  }

  #find(): Run | undefined {
    const end = this.#tokens.length - 1;
    for (const { length, places } of this.#places) {
      const place = places.lastBefore(end);
      if (place !== undefined) return { length, place, done: 0 };
    }
    return undefined;
  }
}

/**
 * Checks guesses against what the model says. Each token is drawn as it would be without guesses: from its own distribution, with
 * the random number that belongs to its place in the answer. A guess is right when it is what was drawn.
 *
 * The usual way, to accept a guess x with its probability p(x) and to draw from the others when it is refused, accepts exactly as
 * often, because here too x is drawn with probability p(x). But its answers hang on which guesses were made, and those hang on
 * how fast this device is at the moment: the same seed would give another answer each time. Drawn in this way, an answer is the
 * same with guesses and without.
 */
import type { Sampler } from './sampler';

/** What a grammar allows, step by step. `GrammarMatcher` is one. */
export interface Form {
  /** One bit a token for what may come next. */
  allowed(): Promise<Int32Array>;
  /** @returns false, and nothing happens, for a token that may not come */
  accept(token: number): boolean;
  rollback(count: number): void;
}

export interface Checked {
  /** Chosen one after the other: the right guesses, and one that the model said itself. */
  readonly tokens: readonly number[];
  /** How many of them were guessed. */
  readonly guessed: number;
}

export interface CheckOptions {
  readonly form?: Form | undefined;
  /** Whether the answer is at its end with this token: what was guessed after it is of no use. */
  readonly isLast?: (token: number) => boolean;
}

/** The guesses up to the first that the form does not allow. The form is afterwards where it was before. */
export function allowedGuesses(guesses: readonly number[], form: Form): number[] {
  let count = 0;
  for (const guess of guesses) {
    if (!form.accept(guess)) break;
    count += 1;
  }
  if (count > 0) form.rollback(count);
  return guesses.slice(0, count);
}

/**
 * Chooses tokens for a pass over the last token and the guesses after it. The sampler and the form have accepted them then; of
 * the cache, only what belongs to these tokens may stay: all but the last of them, which was not evaluated yet.
 * @param logits of row k: after the last token and the first k guesses; from 0 to `guesses.length`
 * @throws FailureError as `Sampler.choose`
 */
export async function checkGuesses(
  sampler: Sampler,
  guesses: readonly number[],
  logits: (row: number) => Float32Array,
  { form, isLast }: CheckOptions = {},
): Promise<Checked> {
  const tokens: number[] = [];
  for (let row = 0; row <= guesses.length; row += 1) {
    const token = sampler.choose(logits(row), form && (await form.allowed()));
    sampler.accept(token);
    form?.accept(token);
    tokens.push(token);
    if (token !== guesses[row]) return { tokens, guessed: row };
    if (isLast?.(token)) return { tokens, guessed: row + 1 };
  }
  return { tokens, guessed: guesses.length };
}

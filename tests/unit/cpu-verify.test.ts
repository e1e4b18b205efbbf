import { describe, expect, it } from 'vitest';
import { LookupGauge } from '../../workers/engine/cpu/sampling/lookup-gauge';
import { PromptLookup } from '../../workers/engine/cpu/sampling/prompt-lookup';
import { Sampler, type SamplerOptions } from '../../workers/engine/cpu/sampling/sampler';
import { allowedGuesses, checkGuesses, type Form } from '../../workers/engine/cpu/sampling/verify';
import { mulberry32 } from '../../workers/engine/seeded-random';

const size = 24;

/** A model whose logits hang on the last two tokens, with a few favorites, so that it comes to repeat itself. */
function logitsAfter(tokens: readonly number[]): Float32Array {
  const random = mulberry32((tokens.at(-1) ?? 0) * 97 + (tokens.at(-2) ?? 0) * 13 + 5);
  const logits = Float32Array.from({ length: size }, () => random() * 3);
  logits[Math.floor(random() * size)] = 7;
  return logits;
}

/** No token comes twice in a row, and after ten tokens the end. */
class NoDoubles implements Form {
  readonly #said: number[] = [];
  allowed(): Promise<Int32Array> {
    const mask = Int32Array.of(0);
    for (let token = 0; token < size; token += 1) if (this.#may(token)) mask[0] = (mask[0] ?? 0) | (1 << token);
    return Promise.resolve(mask);
  }
  accept(token: number): boolean {
    if (!this.#may(token)) return false;
    this.#said.push(token);
    return true;
  }
  rollback(count: number): void {
    this.#said.length -= count;
  }
  get said(): readonly number[] {
    return this.#said;
  }
  #may(token: number): boolean {
    return token < size && (this.#said.length < 10 ? token !== this.#said.at(-1) : token === 0);
  }
}

interface Writing {
  readonly guesses: (tokens: readonly number[]) => number[];
  readonly form?: Form;
  readonly count?: number;
}

/** Writes an answer in passes, as the engine does. */
async function answer(
  options: SamplerOptions,
  { guesses, form, count = 120 }: Writing,
): Promise<{ tokens: number[]; passes: number; guessed: number }> {
  const sampler = new Sampler(options, size);
  const tokens = [1, 2];
  let [passes, guessed] = [0, 0];
  while (tokens.length < count) {
    const wanted = guesses(tokens);
    const tried = form ? allowedGuesses(wanted, form) : wanted;
    const checked = await checkGuesses(sampler, tried, (row) => logitsAfter([...tokens, ...tried.slice(0, row)]), {
      form,
    });
    expect(checked.tokens.length).toBe(checked.guessed + 1);
    tokens.push(...checked.tokens);
    passes += 1;
    guessed += checked.guessed;
  }
  return { tokens: tokens.slice(0, count), passes, guessed };
}

describe('guesses that are checked', () => {
  it.each<SamplerOptions>([
    { temperature: 0 },
    { temperature: 0, repeatPenalty: 1.2 },
    { seed: 1 },
    { seed: 2, temperature: 0.6, topP: 0.9, topK: 10 },
    { seed: 3, presencePenalty: 0.4, frequencyPenalty: 0.1, minP: 0.02 },
  ])('change no answer, whatever they are: %j', async (options) => {
    const plain = await answer(options, { guesses: () => [] });
    expect(plain.guessed).toBe(0);
    const random = mulberry32(8);
    const byChance = await answer(options, {
      guesses: () => Array.from({ length: Math.floor(random() * 6) }, () => Math.floor(random() * size)),
    });
    expect(byChance.tokens).toEqual(plain.tokens);
    // Those that know the answer are all right.
    const knowing = await answer(options, { guesses: ({ length }) => plain.tokens.slice(length, length + 4) });
    expect(knowing.tokens).toEqual(plain.tokens);
    expect(knowing.passes).toBeLessThan(plain.passes / 3);
  });

  it('by looking back save passes where the answer repeats itself, and change nothing', async () => {
    const plain = await answer({ temperature: 0 }, { guesses: () => [], count: 400 });
    const lookup = new PromptLookup(new LookupGauge(Array.from({ length: 9 }, (_, count) => 1 + count / 10)));
    const looking = await answer(
      { temperature: 0 },
      {
        count: 400,
        guesses: (tokens) => {
          for (const token of tokens.slice(lookup.length)) lookup.learn(token);
          return lookup.guess(8);
        },
      },
    );
    expect(looking.tokens).toEqual(plain.tokens);
    expect(looking.passes).toBeLessThan(plain.passes / 2);
  });

  it('are right as often as the model would have said them', async () => {
    const logits = Float32Array.of(1, 2, 0.5, 1.5);
    const { probabilities } = new Sampler({}, 4).distribution(logits);
    const sampler = new Sampler({ seed: 12 }, 4);
    let right = 0;
    const counts = [0, 0, 0, 0];
    for (let round = 0; round < 20_000; round += 1) {
      const { tokens, guessed } = await checkGuesses(sampler, [1], () => logits);
      right += guessed;
      for (const token of tokens) counts[token] = (counts[token] ?? 0) + 1;
    }
    const chance = probabilities[1] ?? 0;
    expect(Math.abs(right / 20_000 - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / 20_000));
    const total = counts.reduce((sum, count) => sum + count, 0);
    let chiSquare = 0;
    for (const [token, count] of counts.entries()) {
      const expected = total * (probabilities[token] ?? 0);
      chiSquare += (count - expected) ** 2 / expected;
    }
    // Three degrees of freedom, once in a thousand.
    expect(chiSquare).toBeLessThan(16.3);
  });

  it('after the last token of an answer are of no use', async () => {
    const logits = Float32Array.of(0, 9, 0, 0);
    const checked = await checkGuesses(new Sampler({ temperature: 0 }, 4), [1, 1, 1], () => logits, {
      isLast: (token) => token === 1,
    });
    expect(checked).toEqual({ tokens: [1], guessed: 1 });
  });
});

describe('guesses in an answer that has a form', () => {
  it('are cut where the form ends them, and leave it where it was', () => {
    const form = new NoDoubles();
    form.accept(3);
    expect(allowedGuesses([4, 5, 5, 6], form)).toEqual([4, 5]);
    expect(allowedGuesses([3], form)).toEqual([]);
    expect(form.said).toEqual([3]);
  });

  it.each<SamplerOptions>([{ temperature: 0 }, { seed: 6, temperature: 1.5 }])(
    'change no answer: %j',
    async (options) => {
      const plain = await answer(options, { guesses: () => [], form: new NoDoubles(), count: 11 });
      const random = mulberry32(3);
      const form = new NoDoubles();
      const guessing = await answer(options, {
        guesses: ({ length }) => [
          ...plain.tokens.slice(length, length + 1 + Math.floor(random() * 3)),
          Math.floor(random() * size),
        ],
        form,
        count: 11,
      });
      expect(guessing.tokens).toEqual(plain.tokens);
      expect(guessing.guessed).toBeGreaterThan(0);
      expect(form.said.slice(0, 9)).toEqual(plain.tokens.slice(2));
    },
  );
});

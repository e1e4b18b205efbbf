/** Prompts of an exact number of tokens, each different: nothing of one can be reused for the next. */
import { mulberry32 } from '../seeded-random';

/** Words that are one token each for this model's tokenizer, and what a prompt takes beside them. */
export interface PromptWords {
  readonly words: readonly string[];
  /** Tokens that each of the words takes: 1, but for strange tokenizers. */
  readonly each: number;
  /** Tokens of the first word, with what the tokenizer puts before every prompt. */
  readonly lead: number;
}

/** The first word of every prompt. */
const first = 'a';
const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
/** ASCII only: bytes of an unfinished character would be held back, and their stamps with them. Those of bytes take bare letters. */
const candidates = [letters.map((letter) => ` ${letter}`), letters];
/** Fewer words than these make prompts too much alike. */
const fewest = 4;

/** @param count tells how many tokens a text takes */
export async function findPromptWords(count: (text: string) => Promise<number>): Promise<PromptWords> {
  const lead = await count(first);
  for (const words of candidates) {
    const single = await singles(words, async (some) => (await count(first + some.join(''))) - lead);
    if (single.length >= fewest) return { words: single, each: 1, lead };
  }
  const word = ' a';
  const each = Math.max(1, Math.round(((await count(first + word.repeat(4))) - lead) / 4));
  return { words: [word], each, lead };
}

/** By halves: most tokenizers know all of them, so that one question is enough. */
async function singles(
  words: readonly string[],
  tokensOf: (words: readonly string[]) => Promise<number>,
): Promise<string[]> {
  if ((await tokensOf(words)) === words.length) return [...words];
  if (words.length === 1) return [];
  const middle = Math.ceil(words.length / 2);
  return [...(await singles(words.slice(0, middle), tokensOf)), ...(await singles(words.slice(middle), tokensOf))];
}

/**
 * A prompt that should take so many tokens, word by word.
 * @param correction words more, or fewer, since the last one missed
 */
export function promptOf({ words, each, lead }: PromptWords, tokens: number, seed: number, correction = 0): string[] {
  const random = mulberry32(seed);
  const count = Math.max(0, Math.floor((tokens - lead) / each) + correction);
  return [first, ...Array.from({ length: count }, () => words[Math.floor(random() * words.length)] ?? first)];
}

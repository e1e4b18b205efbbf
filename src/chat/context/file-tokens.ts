import type { PendingFile } from '../files/pending-file.svelte';
import { pictureTokens, soundTokens } from './picture-tokens';
import { estimateTokens } from './estimate-tokens';

/** What a name and two fences take. */
export const aroundFile = 16;

/** The last guess for each file: it is asked for with every letter that is typed beside files of a million characters. */
const guessed = new WeakMap<PendingFile, { readonly characters: number; readonly tokens: number }>();

/** How words and pictures become tokens of the model in use, as far as is known. */
export interface TokenScale {
  /** See `tokenFactor`. */
  readonly factor: number;
  /** Tokens that a picture has at most. */
  readonly mostOfPicture: number;
}

/** Tokens of the beginning of a file in a prompt, guessed. */
export function tokensOfFile(file: PendingFile, characters: number, { factor, mostOfPicture }: TokenScale): number {
  // Not by the factor: that tells of words.
  if (file.picture) return pictureTokens(file.picture, mostOfPicture);
  if (file.sound) return soundTokens(file.sound);
  let guess = guessed.get(file);
  if (guess?.characters !== characters) {
    guess = { characters, tokens: estimateTokens(file.text.slice(0, characters)) + aroundFile };
    guessed.set(file, guess);
  }
  return Math.ceil(guess.tokens * factor);
}

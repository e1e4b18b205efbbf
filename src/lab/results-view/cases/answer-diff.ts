/** What two answers have in common, and what only one of them says. */
import { diffChars, diffWordsWithSpace } from 'diff';

export interface DiffPart {
  readonly text: string;
  /** Not in the other answer. */
  readonly only: boolean;
}

interface AnswerDiff {
  readonly left: readonly DiffPart[];
  readonly right: readonly DiffPart[];
}

/** Longer than this, in ms, nobody waits for a difference; texts that take longer have little in common. */
const patienceMs = 150;

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const words = /[\p{L}\p{N}]+/gu;

/** Chinese, Japanese and Korean set no spaces between words, so that a sentence would be one word. */
export function isMostlyCjk(text: string): boolean {
  const characters = text.match(cjk)?.length ?? 0;
  const latin = text.replace(cjk, ' ').match(words)?.length ?? 0;
  return characters > latin;
}

/** @returns null when the texts are too long, or too different, to be compared in time */
export function diffAnswers(left: string, right: string): AnswerDiff | null {
  const differ = isMostlyCjk(left + right) ? diffChars : diffWordsWithSpace;
  const parts = differ(left, right, { timeout: patienceMs });
  if (!parts) return null;
  const side = (away: 'added' | 'removed'): DiffPart[] =>
    parts.filter((part) => !part[away]).map(({ value, added, removed }) => ({ text: value, only: added || removed }));
  return { left: side('added'), right: side('removed') };
}

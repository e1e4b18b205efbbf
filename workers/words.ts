/** How a text falls into words, the same for what is stored and for what is looked for. */

export interface Word {
  /** As it is compared: lower case, without accents. */
  readonly text: string;
  /** Where it stands in the original. */
  readonly start: number;
  readonly end: number;
}

/** Scripts that put no spaces between words. */
const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const runs = new RegExp(`([${unspaced}]+)|(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}])+`, 'gu');
const marks = /\p{M}/gu;

/** Longer ones are hashes and base64: nobody types them whole. */
const longest = 40;

export function normalized(word: string): string {
  // eslint-disable-next-line no-control-regex -- ASCII, by far the most frequent, needs no more than this.
  if (/^[\x00-\x7f]*$/.test(word)) return word.slice(0, longest).toLowerCase();
  return word.slice(0, longest).normalize('NFKD').replace(marks, '').toLowerCase();
}

/**
 * Words where there are spaces; where there are none, every pair of neighbouring characters, and the last one alone. So any part
 * of a Chinese sentence is found, and a single character as the beginning of a pair.
 */
export function* wordsOf(text: string): Generator<Word> {
  for (const match of text.matchAll(runs)) {
    const [run, pairs] = match;
    const start = match.index;
    if (pairs === undefined) {
      yield { text: normalized(run), start, end: start + run.length };
      continue;
    }
    let previous: { readonly at: number; readonly character: string } | null = null;
    let at = start;
    for (const character of run) {
      if (previous) {
        yield { text: normalized(previous.character + character), start: previous.at, end: at + character.length };
      }
      previous = { at, character };
      at += character.length;
    }
    if (previous) yield { text: normalized(previous.character), start: previous.at, end: at };
  }
}

const isUnspaced = new RegExp(`^[${unspaced}]`, 'u');

/** The words alone: the same as of `wordsOf`, and several times as fast, for the texts of a whole library. */
export function wordTexts(text: string): string[] {
  const words: string[] = [];
  for (const run of text.match(runs) ?? []) {
    if (!isUnspaced.test(run)) {
      words.push(normalized(run));
      continue;
    }
    let previous = '';
    for (const character of run) {
      if (previous !== '') words.push(normalized(previous + character));
      previous = character;
    }
    words.push(normalized(previous));
  }
  return words;
}

/** True for a pair of characters, which is neither looked up with spelling mistakes nor as a beginning. */
export const isPair = (word: string): boolean => isUnspaced.test(word);

/** What is looked for. The last character of a run alone only matters when it is all there is. */
export function queryWords(query: string): string[] {
  const found: string[] = [];
  for (const match of query.matchAll(runs)) {
    const words = wordTexts(match[0]);
    found.push(...(match[1] !== undefined && words.length > 1 ? words.slice(0, -1) : words));
  }
  return [...new Set(found)];
}

let segmenter: Intl.Segmenter | null | undefined;

/** Null where the browser has none, as Firefox before version 125. */
const newSegmenter = (): Intl.Segmenter | null =>
  // eslint-disable-next-line no-restricted-syntax -- Asked for first.
  'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'word' }) : null;

/** Han, kana and bopomofo: written without spaces, and counted one by one in Chinese and Japanese. */
const character = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}]/gu;
/** What a browser without `Intl.Segmenter` takes for a word. */
const wordLike = /[\p{L}\p{N}\p{M}_]+(?:['’.,][\p{L}\p{N}\p{M}_]+)*/gu;

/**
 * Words as word processors count them: each Chinese or Japanese character is one (where words end there, browsers do not agree), all
 * else by `Intl.Segmenter`. "Don’t" and "3.14" are one, "well-known" is two.
 */
export function countWords(text: string): number {
  let count = 0;
  const others = text.replace(character, () => {
    count += 1;
    return ' ';
  });
  segmenter ??= newSegmenter();
  // Between two spaces at a time, and no longer: a browser may copy the whole text for each word that it finds.
  for (const [piece] of others.matchAll(/\S{1,500}/g)) {
    if (/^[A-Za-z0-9]+$/.test(piece)) count += 1;
    else if (/[\p{L}\p{N}]/u.test(piece)) count += wordsWithin(piece, segmenter);
  }
  return count;
}

function wordsWithin(piece: string, segmenter: Intl.Segmenter | null): number {
  if (!segmenter) return piece.match(wordLike)?.length ?? 0;
  let count = 0;
  for (const { isWordLike } of segmenter.segment(piece)) if (isWordLike) count += 1;
  return count;
}

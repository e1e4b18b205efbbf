/** A character as a person sees it, an emoji of several signs included, is hardly ever longer. */
const longestCharacter = 64;
/** How far back to look for a place where a character begins for sure. */
const farthest = 1000;

let segmenter: Intl.Segmenter | null | undefined;

/** Null where the browser has none, as Firefox before version 125. */
const newSegmenter = (): Intl.Segmenter | null =>
  // eslint-disable-next-line no-restricted-syntax -- Asked for first.
  'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null;

/**
 * The beginning of a text, never with half a character at its end: neither half of a surrogate pair nor the first person of a
 * family. Where the browser cannot tell what a character is, only surrogate pairs are kept whole.
 * @param longest in UTF-16 code units, like `length`
 */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  segmenter ??= newSegmenter();
  const at = segmenter ? characterAt(text, longest, segmenter) : null;
  if (at !== null && longest - at <= longestCharacter) return text.slice(0, at);
  // A heap of accents is longer than any character should be.
  const code = text.charCodeAt(longest);
  return text.slice(0, code >= 0xdc00 && code <= 0xdfff ? longest - 1 : longest);
}

/** Where the character begins that a place in a text is part of. Both are counted in UTF-16 code units. */
function characterAt(text: string, place: number, segmenter: Intl.Segmenter): number {
  // A letter of ASCII begins a character. Flags are pairs of signs: which two belong together is seen from their beginning.
  let from = place;
  while (from > 0 && place - from < farthest && text.charCodeAt(from) > 0x7f) from -= 1;
  const around = text.slice(from, place + longestCharacter);
  return from + (segmenter.segment(around).containing(place - from)?.index ?? 0);
}

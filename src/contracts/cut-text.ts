/** A character as a person sees it, an emoji of several signs included, is hardly ever longer. */
const longestCharacter = 64;
/** How far back to look for a place where a character begins for sure. */
const farthest = 1000;

let segmenter: Intl.Segmenter | undefined;

/**
 * The beginning of a text, never with half a character at its end: neither half of a surrogate pair nor the first person of a
 * family.
 * @param longest in UTF-16 code units, like `length`
 */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // A letter of ASCII begins a character. Flags are pairs of signs: which two belong together is seen from their beginning.
  let from = longest;
  while (from > 0 && longest - from < farthest && text.charCodeAt(from) > 0x7f) from -= 1;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const around = text.slice(from, longest + longestCharacter);
  const at = from + (segmenter.segment(around).containing(longest - from)?.index ?? 0);
  if (longest - at <= longestCharacter) return text.slice(0, at);
  // A heap of accents is longer than any character should be.
  const code = text.charCodeAt(longest);
  return text.slice(0, code >= 0xdc00 && code <= 0xdfff ? longest - 1 : longest);
}

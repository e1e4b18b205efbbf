/** What a field does with a long text, for which browsers need seconds: they look for the direction of each of its lines. */

/** A text with more characters than this is long: higher than any field, and felt by the browser. */
export const longCharacters = 10_000;

/** How many characters are about to be pasted. The browser lays them out before `input` tells of them. */
export const comingCharacters = ({ data, dataTransfer }: InputEvent): number =>
  (data ?? dataTransfer?.getData('text/plain') ?? '').length;

const rightToLeft =
  /^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u;

/** `dir` for a field: the browser's own choice, line by line; for a long text, the direction of its first letter. */
export function directionOf(text: string, isLong: boolean): 'auto' | 'ltr' | 'rtl' {
  if (!isLong) return 'auto';
  const [letter = ''] = /\p{L}/u.exec(text) ?? [];
  return rightToLeft.test(letter) ? 'rtl' : 'ltr';
}

/** Puts what was said between what is written already. Pure. */

/** No space comes before or after these. */
const closeScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}，。！？；：、（）「」“”]/u;

const needsSpace = (left: string, right: string): boolean => {
  const [before, after] = [[...left].at(-1) ?? '', [...right][0] ?? ''];
  if (before === '' || after === '' || /\s/.test(before) || /\s/.test(after)) return false;
  if (/[(“"'[]/.test(before) || /[.,;:!?)\]]/.test(after)) return false;
  return !(closeScript.test(before) || closeScript.test(after));
};

/** @param from,to what is marked in the text, and goes: where the caret stands when both are the same */
export function insertWords(
  text: string,
  words: string,
  from = text.length,
  to = from,
): { readonly text: string; readonly caret: number } {
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const head = before + (needsSpace(before, words) ? ' ' : '') + words;
  const tail = (needsSpace(words, after) ? ' ' : '') + after;
  return { text: head + tail, caret: head.length };
}

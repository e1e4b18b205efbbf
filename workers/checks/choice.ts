/** Which letter of a multiple choice an answer settles on. */

const fullWidth = (character: string): string => String.fromCharCode(character.charCodeAt(0) - 0xfee0);

/** Emphasis, boxes and other dress away, full-width letters and signs as ASCII. */
const bare = (text: string): string =>
  text
    .replace(/[Ａ-Ｚａ-ｚ（）：．]/g, fullWidth)
    .replace(/\\(?:text|textbf|mathrm|mathbf|boxed|fbox)\s*\{/g, '{')
    .replace(/[*_`$]|\\[()[\]]/g, '')
    .replace(/\{{1,2}\s?(\(?[A-Za-z]\)?)\s?\}{1,2}/g, '($1)')
    .replace(/\(\((.)\)\)/g, '($1)')
    // One space or line at most: the expressions below would try every way to share a longer run.
    .replace(/\s+/g, (run) => (run.includes('\n') ? '\n' : ' '))
    .trim();

/**
 * "The answer is (B)", "Answer: b", "答案是B", "应选 B". A letter in lower case counts only where no word can follow it: "the answer is
 * a number". Two letters ("A or B") are no choice.
 */
const statement = new RegExp(
  [
    String.raw`(?:\banswer|\b(?:correct|right|best)\s+(?:answer|option|choice|one|statement)|\bi\s+(?:choose|pick|select|would\s+choose)`,
    String.raw`|答案|正确(?:的)?(?:选项|答案|的)?|应?该?选择?|选项)`,
    String.raw`\s*(?:\s(?:is|are|would\s+be|must\s+be|should\s+be)\b|是|为|应该?是|应为)?\s*[:：]?\s*(?:is\b|是|为)?`,
    String.raw`\s*(?:(?:option|choice|选项)\s*)?`,
    String.raw`(?:\(([A-Za-z])\)|\[([A-Za-z])\]|["“'‘「]?([A-Z])(?![A-Za-z'’])|["“'‘「]?([b-z]|a(?!\s+\S))(?=\s*(?:[.,;:!?)"”'’」。，]|$)))`,
    String.raw`(\s*(?:,|、|\/|\bor\b|\band\b|&|和|或)\s*\(?[A-Z](?![A-Za-z'’]))?`,
  ].join(''),
  'gim',
);

/** "B", "(B)", "B.", "B) Paris", "B: Paris", each at the beginning of a line. */
const option =
  /^ ?(?:(?:option|choice|选项)\s*)?(?:\(([A-Za-z])\)|\[([A-Za-z])\]|([A-Z])(?=\s*(?:[.):、,，。]|$))|([a-z])(?=\s*(?:[.):]\s*\S|[.)]?\s*$)))/gim;

const standing = /(?<![\p{L}\p{N}'’])(?:\(([A-Z])\)|([B-HJ-Z]))(?![\p{L}\p{N}'’])/gu;

const letterOf = (groups: readonly (string | undefined)[]): string | undefined =>
  groups.find((group) => group !== undefined)?.toUpperCase();

/** The one letter of all; null where there is none, or more than one. */
const only = (letters: readonly (string | undefined)[]): string | null => {
  const [first, ...others] = new Set(letters);
  return first !== undefined && others.length === 0 ? first : null;
};

/**
 * In this order: what the answer says last about "the answer"; the only option that begins a line; a letter alone in the last line; the
 * only letter that stands by itself.
 * @returns upper case; null where the answer does not settle on one
 */
export function chosenLetter(text: string): string | null {
  const plain = bare(text);
  const last = [...plain.matchAll(statement)].at(-1);
  if (last) return last[5] === undefined ? (letterOf(last.slice(1, 5)) ?? null) : null;
  const options = [...plain.matchAll(option)].map((groups) => letterOf(groups.slice(1)));
  if (options.length > 0) {
    const alone = /(?:^|\n)\s*\(?([A-Za-z])\)?[.。]?\s*$/.exec(plain)?.[1];
    return only(options) ?? alone?.toUpperCase() ?? null;
  }
  return only([...plain.matchAll(standing)].map((groups) => letterOf(groups.slice(1))));
}

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

/** Words in either case; the letter itself is told by its case, so that no flag can do it. */
const anyCase = (words: string): string =>
  words.replace(/(?<!\\)[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

const subject = anyCase(
  String.raw`\banswer|\b(?:correct|right|best) (?:answer|option|choice|one|statement)|\bi (?:would )?(?:choose|pick|select)|` +
    '答案|正确的?(?:选项|答案)?|应?该?选择?|选项',
);
const verb = anyCase(
  String.raw`(?: (?:is|would be|must be|should be)\b|是|为|应该?是|应为)?\s?[:：]?\s?(?:is\b|是|为)?`,
);
const noun = anyCase(String.raw`(?:(?:option|choice|选项)\s?)?`);
/** A small letter counts only where no word can follow it: "the answer is a number". */
const letter = String.raw`(?:\(([A-Za-z])\)|\[([A-Za-z])\]|["“'‘「]?([A-Z])(?![A-Za-z'’])|["“'‘「]?([a-z])(?=\s?(?:[.,;:!?)"”'’」。，\n]|$)))`;
/** A second letter. "B, I think" and "B, A is wrong" have none. */
const another = String.raw`(\s?(?:[,、](?!\s?[A-Z]\s[a-z])|\/|\bor\b|\band\b|&|和|或)\s?\(?[A-HJ-Z](?![A-Za-z'’]))?`;

/** "The answer is (B)", "Answer: b", "答案是B", "应选 B". */
const statement = new RegExp(String.raw`(?:${subject})${verb}\s?${noun}${letter}${another}`, 'g');

/** "B", "(B)", "B.", "B) Paris", "B: Paris", each at the beginning of a line. */
const option = new RegExp(
  String.raw`^ ?${noun}(?:\(([A-Za-z])\)|\[([A-Za-z])\]|([A-Z])(?=\s?(?:[.):、,，。]|$))|([a-z])(?=[.):]\s?\S|[.)]?\s?$))`,
  'gm',
);

/** "A" is a word, too: it counts as a letter only where what follows shows it. */
const standing =
  /(?<![\p{L}\p{N}'’])(?:\(([A-Z])\)|([B-HJ-Z])|(A)(?=\s(?:is|was|and|or|would|seems)\b|\s?[.,:;)，。、和或是]|\s?$))(?![\p{L}\p{N}'’])/gu;

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
    const alone = /(?:^|\n)\(?([A-Za-z])\)?[.。]?$/.exec(plain)?.[1];
    return only(options) ?? alone?.toUpperCase() ?? null;
  }
  return only([...plain.matchAll(standing)].map((groups) => letterOf(groups.slice(1))));
}

/**
 * Which dollars hold TeX. Pandoc's rules, and more: in prices, names of variables, regular expressions and sentences about the
 * sign itself, dollars stand in pairs by chance, and a sentence that is set as a formula cannot be read.
 */

const isSpace = (character: string): boolean => character === '' || /^\s$/.test(character);

/** Signs that hardly stand anywhere but in TeX. */
const strong = /[\\^_={}]/;

const cjkWord = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const cjkMark = /[\u3001-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f“”‘’…]/;

/** The rest of a sentence, of a call or of a regular expression. */
const noBeginning = /^(?:[\s,;!?'")\]}/]|[\u3001-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f”’…]|\.(?!\d))/;
const noEnd = /(?:[\s([{]|[\u3001-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f“‘…])$/;

const hasProse = (content: string): boolean => /[A-Za-z]{2,}\s+[A-Za-z]{2,}/.test(content) && !strong.test(content);

/** "5 a month, or 50", "5; rate=10": TeX that begins with a number goes on with an operator. */
const hasPrices = (content: string): boolean =>
  (/^\d[\d.,]*\s*(?:[A-Za-z/–—-]|\s)/.test(content) && !/[\\^_={}<>+*]/.test(content)) ||
  /^\d[\d.,]*[,;:]\s*[A-Za-z]{2,}/.test(content);

/** Models do set Chinese words as formulas, with operators between them; without any, it is what stands between two signs. */
const hasCjkSentence = (content: string): boolean =>
  cjkWord.test(content) &&
  !strong.test(content) &&
  (/^\d/.test(content) || cjkMark.test(content) || !/[-+*/<>×÷·≤≥≈]/.test(content));

const isFormula = (content: string): boolean =>
  content !== '' &&
  !noBeginning.test(content) &&
  !noEnd.test(content) &&
  !hasProse(content) &&
  !hasPrices(content) &&
  !hasCjkSentence(content);

const closing: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '‘': '’',
  '“': '”',
  '「': '」',
  '『': '』',
  '(': ')',
  '（': '）',
  '[': ']',
  '{': '}',
};

/** A dollar that is spoken of: '$', "$", ($). */
const isQuoted = (src: string, at: number): boolean => {
  const before = src.charAt(at - 1);
  return Object.hasOwn(closing, before) && closing[before] === src.charAt(at + 1);
};

/**
 * Where the next dollar stands that no backslash and no brace takes away; -1 where there is none before `limit`. Braces that
 * do not close take nothing away: TeX that is broken is still TeX.
 */
function nextDollar(src: string, from: number, limit: number): number {
  let first = -1;
  let depth = 0;
  for (let at = from; at < limit; at += 1) {
    const character = src.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if (character === '$' && depth <= 0) return at;
    else if (character === '$' && first === -1) first = at;
  }
  return first;
}

/** "$n$th" goes on with the rest of a word; "$HOME/$USER" and "$5-$10" do not end there. */
const goesOnAsWord = (rest: string): boolean => /^[A-Za-z0-9]/.test(rest) && !/^(?:th|st|nd|rd|s)\b/.test(rest);

/** "CO$_2$", "10$^{-3}$": the one thing that is set behind a word without a space. */
const script = /\$[_^](?:\{[^{}$]+\}|[0-9A-Za-z+-])\$/y;

/**
 * @param limit where to stop looking
 * @returns the place of the dollar that ends the formula which begins with the dollar at `pos`; -1 where none does
 */
export function formulaEnd(src: string, pos: number, limit: number): number {
  script.lastIndex = pos;
  if (script.test(src)) return script.lastIndex <= limit ? script.lastIndex - 1 : -1;
  // "US$5", "a$b": a dollar at the end of a word is money or a variable.
  if (/[A-Za-z0-9]/.test(src.charAt(pos - 1)) || isSpace(src.charAt(pos + 1)) || isQuoted(src, pos)) return -1;
  const end = nextDollar(src, pos + 1, limit);
  if (end === -1 || isQuoted(src, end)) return -1;
  const content = src.slice(pos + 1, end);
  const next = src.charAt(end + 1);
  // "${a}${b}", "$(a)$(b)": one expansion behind the other.
  const expands = next === '{' || (next === '(' && content.startsWith('('));
  if (next === '$' || expands || goesOnAsWord(src.slice(end + 1, end + 5))) return -1;
  return isFormula(content) ? end : -1;
}

/** Whether two dollars on either side hold a formula: "from $$ to $$" is a range of prices. */
export function isDisplayed(content: string): boolean {
  const words = content.trim();
  if (words === '' || hasProse(words)) return false;
  return !/^[–—-]$/.test(words) && !(isSpace(content.charAt(0)) && /^[A-Za-z]{2,}$/.test(words));
}

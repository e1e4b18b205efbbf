/**
 * The number that an answer ends on, as GSM8K is scored: whatever stands last, unless one stands in a `\boxed{}`. A percent sign is
 * left out ("50%" is 50), a fraction of LaTeX is computed, and numbers in words ("forty", "四十") are not read.
 */

const digitsFrom = (character: string): string => String.fromCharCode(character.charCodeAt(0) - 0xfee0);

/** Full-width digits, stops, signs and brackets as ASCII; separators of LaTeX and narrow spaces within numbers away. */
const plainDigits = (text: string): string =>
  text
    .replace(/[０-９．％＋＄（）]/g, digitsFrom)
    .replace(/，(?=\d{3}(?!\d))/g, ',')
    .replace(/\{,\}/g, ',')
    .replace(/\\[,!;](?=\d)/g, '')
    .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, '')
    .replace(/[−－–]/g, '-')
    .replace(/\\[dt]?frac\s*\{\s*(-?\d+)\s*\}\s*\{\s*(\d+)\s*\}/g, (_, above: string, below: string) =>
      String(Number(above) / Number(below)),
    );

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** "×10^8", "\times 10^{-3}", "× 10⁸" after a number. */
const power = String.raw`\s*(?:×|\\times|\\cdot|\*)\s*10\s*(?:\^\s*\{?\s*([-+]?\d+)\s*\}?|(⁻?[${superscripts}]+))`;
const scales: Readonly<Record<string, number>> = {
  万亿: 1e12,
  亿: 1e8,
  万: 1e4,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};
const scale = String.raw`\s?(万亿|万|亿)|\s(thousand|million|billion|trillion)\b`;

const numeral = new RegExp(
  [
    // A hyphen is a minus only where nothing stands before it that could be subtracted from or ranged to.
    String.raw`((?<![\p{L}\p{N})\]%])-(?=[$€£¥\\.\d])(?:\\?[$€£¥])?|(?<![\p{L}\p{N})\]%])[$€£¥]-)?`,
    String.raw`(\d{1,3}(?:,\d{2,3}){0,6},\d{3}(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+)`,
    String.raw`(?:[eE]([-+]?\d{1,3})(?![\p{L}\p{N}]))?`,
    String.raw`(?:${power})?(?:${scale})?`,
  ].join(''),
  'gu',
);

function lastIn(text: string): number | null {
  let last: number | null = null;
  for (const [, minus, digits = '', exponent, raised, superscript, chinese, english] of text.matchAll(numeral)) {
    const tens = superscript
      ? Number(superscript.replace('⁻', '-').replace(/[^-]/g, (sign) => String(superscripts.indexOf(sign))))
      : Number(raised ?? exponent ?? 0);
    const size = Number(`${digits.replaceAll(',', '')}e${tens}`) * (scales[chinese ?? english ?? ''] ?? 1);
    if (Number.isFinite(size)) last = minus === undefined || size === 0 ? size : -size;
  }
  return last;
}

/** The text of each `\boxed{…}`, with the braces in it. */
function boxed(text: string): readonly string[] {
  const found: string[] = [];
  for (const { index, 0: opening } of text.matchAll(/\\(?:boxed|fbox)\s*\{/g)) {
    let depth = 1;
    let end = index + opening.length;
    // A formula is short; one that is not closed must not be looked through again from every box.
    const farthest = Math.min(text.length, end + 500);
    for (; end < farthest && depth > 0; end += 1) depth += text[end] === '{' ? 1 : text[end] === '}' ? -1 : 0;
    if (depth === 0) found.push(text.slice(index + opening.length, end - 1));
  }
  return found;
}

/** @returns null where the text has no number */
export function lastNumber(text: string): number | null {
  const plain = plainDigits(text);
  const inBoxes = boxed(plain).map(lastIn);
  return inBoxes.findLast((number) => number !== null) ?? lastIn(plain);
}

/** Whether two numbers are the same, for all that people and floating point can tell. @param tolerance in the unit of both */
export const isNear = (found: number, wanted: number, tolerance = 0): boolean =>
  Math.abs(found - wanted) <= tolerance + 1e-12 * Math.max(Math.abs(wanted), tolerance);

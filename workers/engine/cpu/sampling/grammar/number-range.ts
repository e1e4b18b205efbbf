/** Grammars of the numbers between two bounds, written as decimal digits. */

/** Beyond this, numbers are not written out: digits without end are no help to anybody. */
export const largestWritten = 10 ** 15 - 1;
/** Decimals of a bounded number that is not whole: two, or as many as its bounds have. */
const usualDecimals = 2;
const mostDecimals = 6;

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

const classOf = (from: string, to: string): string => (from === to ? `"${from}"` : `[${from}-${to}]`);
const following = (digit: string, by: number): string => String(Number(digit) + by);

/**
 * Numbers from `low` to `high`, which have the same count of digits, as rows of one term a digit. From 135 to 179:
 *
 *     1 3 [5-9]  |  1 [4-7] [0-9]
 */
function digitRows(low: string, high: string): string[][] {
  if (low === '') return [[]];
  const [first = '0', last = '9'] = [low[0], high[0]];
  const under = (digit: string, from: string, to: string): string[][] =>
    digitRows(from, to).map((row) => [classOf(digit, digit), ...row]);
  if (first === last) return under(first, low.slice(1), high.slice(1));
  const zeros = '0'.repeat(low.length - 1);
  const nines = '9'.repeat(low.length - 1);
  const wholeFirst = low.slice(1) === zeros;
  const wholeLast = high.slice(1) === nines;
  const from = wholeFirst ? first : following(first, 1);
  const to = wholeLast ? last : following(last, -1);
  return [
    ...(wholeFirst ? [] : under(first, low.slice(1), nines)),
    ...(from <= to ? [[classOf(from, to), ...Array.from(zeros, () => '[0-9]')]] : []),
    ...(wholeLast ? [] : under(last, zeros, high.slice(1))),
  ];
}

/** Whole numbers from `low` to `high`, both at least 0, with a point before the last `decimals` digits. */
function written(low: number, high: number, decimals: number): string[] {
  const rows: string[] = [];
  for (let digits = decimals + 1; digits <= 15; digits += 1) {
    const from = Math.max(low, digits === decimals + 1 ? 0 : 10 ** (digits - 1));
    const to = Math.min(high, 10 ** digits - 1);
    if (from > to) continue;
    for (const row of digitRows(String(from).padStart(digits, '0'), String(to).padStart(digits, '0')))
      rows.push((decimals > 0 ? row.toSpliced(-decimals, 0, '"."') : row).join(' '));
  }
  return rows;
}

function signed(least: number, most: number, decimals: number): string[] {
  return [
    ...(most >= 0 ? written(Math.max(0, least), most, decimals) : []),
    ...(least < 0 ? written(Math.max(1, -most), -least, decimals).map((row) => `"-" ${row}`) : []),
  ];
}

/** @returns alternatives; none where there is no such number */
export const wholeNumbers = ({ least, most }: Bounds): string[] => signed(Math.ceil(least), Math.floor(most), 0);

/** Whole ones, and those with decimals. @returns alternatives; none where there is no such number */
export function decimalNumbers(bounds: Bounds): string[] {
  const decimals = Math.max(usualDecimals, decimalsOf(bounds.least), decimalsOf(bounds.most));
  const unit = 10 ** decimals;
  const limit = (bound: number): number => Math.max(-largestWritten, Math.min(largestWritten, bound * unit));
  // A bound times its unit is whole but for rounding: 0.07 · 100 = 7.000000000000001.
  const least = Math.ceil(limit(bounds.least) - 1e-6);
  const most = Math.floor(limit(bounds.most) + 1e-6);
  return [...wholeNumbers(bounds), ...signed(least, most, decimals)];
}

function decimalsOf(bound: number): number {
  for (let decimals = 0; decimals < mostDecimals; decimals += 1)
    if (Math.abs(bound * 10 ** decimals - Math.round(bound * 10 ** decimals)) < 1e-6) return decimals;
  return mostDecimals;
}

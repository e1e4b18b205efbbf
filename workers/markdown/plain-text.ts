/** What is written in Markdown as something else than it reads. */
import type { Piece } from '../../src/contracts/markdown';

// Those that models write. A name that is not known stays as it is written, which is no more than unbeautiful.
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  times: '×',
  divide: '÷',
  plusmn: '±',
  minus: '−',
  ne: '≠',
  le: '≤',
  ge: '≥',
  asymp: '≈',
  infin: '∞',
  larr: '←',
  uarr: '↑',
  rarr: '→',
  darr: '↓',
  harr: '↔',
  rArr: '⇒',
  check: '✓',
  euro: '€',
  pound: '£',
  yen: '¥',
  cent: '¢',
  sect: '§',
  para: '¶',
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  lambda: 'λ',
  mu: 'μ',
  pi: 'π',
  sigma: 'σ',
  omega: 'ω',
  Delta: 'Δ',
  Sigma: 'Σ',
  Omega: 'Ω',
  sum: '∑',
  radic: '√',
  frac12: '½',
};

function character(code: number): string {
  const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return String.fromCodePoint(valid ? code : 0xfffd);
}

/** `&lt;` and its like, as the characters they mean. */
export const decodeEntities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]\w{1,9}));/g, (written, decimal, hex, name: string) => {
    if (decimal !== undefined) return character(Number(decimal));
    if (hex !== undefined) return character(Number.parseInt(hex as string, 16));
    return Object.hasOwn(entities, name) ? (entities[name] ?? written) : written;
  });

// Directional overrides and characters without width: with them an address or a line of code can read as something it is not.
const control = /([\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}])/u;

/** Text in which invisible characters are made visible. */
export const revealed = (text: string): readonly Piece[] =>
  text
    .split(control)
    .filter((part) => part !== '')
    .map((part) => {
      if (!control.test(part)) return part;
      const code = (part.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return { tag: 'control', children: [`U+${code}`] };
    });

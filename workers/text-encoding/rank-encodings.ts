/** Which encoding bytes are in that tell nothing of it: a detector's opinion, and whether the text could have been written. */
import { detectAll } from 'jschardet';
import {
  choicesFrom,
  countOf,
  legacyEncodings,
  possibleTexts,
  type LegacyEncoding,
  type RankedEncodings,
} from '../../src/shared/domain/text-encoding';

/** Names of the detector for what `TextDecoder` knows by another. */
const names: Readonly<Record<string, LegacyEncoding>> = {
  cp949: 'euc-kr',
  cp932: 'shift_jis',
  cp874: 'windows-874',
  'tis-620': 'windows-874',
  cp866: 'ibm866',
  big5hkscs: 'big5',
  'koi8-r': 'koi8-u',
};

/** Asked for no others: the more it may choose from, the less sure it is. */
const asked = [...legacyEncodings, ...Object.keys(names)];

/** Nearly alike: they differ by a few letters, and the detector by a little. */
const latin: ReadonlySet<LegacyEncoding> = new Set([
  'windows-1252',
  'windows-1250',
  'iso-8859-2',
  'windows-1254',
  'windows-1257',
  'windows-1258',
]);
/** So seldom met that they are offered, but neither taken nor weighed unasked. */
const seldom: ReadonlySet<LegacyEncoding> = new Set(['windows-1257', 'windows-1258']);

function opinionOn(bytes: Uint8Array): ReadonlyMap<LegacyEncoding, number> {
  const confidences = new Map<LegacyEncoding, number>();
  for (const { encoding, confidence } of detectAll(bytes, { detectEncodings: asked, minimumThreshold: 0 })) {
    const name = String(encoding).toLowerCase();
    const known = names[name] ?? legacyEncodings.find((other) => other === name);
    if (known) confidences.set(known, Math.max(confidence, confidences.get(known) ?? 0));
  }
  return confidences;
}

const otherScripts = String.raw`\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}`;
/** No language writes these: two alphabets in one word, a capital after a small letter, a sign between two letters. */
const impossible: readonly RegExp[] = [
  new RegExp(String.raw`\p{Script=Latin}(?=[${otherScripts}])|[${otherScripts}](?=\p{Script=Latin})`, 'gu'),
  // In Latin letters alone it is the name of a program.
  /(?![a-z][A-Z])\p{Ll}(?=\p{Lu})/gu,
  // eslint-disable-next-line no-control-regex
  /(?<=\p{L})(?![\u0000-\u007f])[\p{S}\p{No}¶§¡¿«»‹›†‡•¨¸ªº](?=\p{L})/gu,
];

// eslint-disable-next-line no-control-regex
const countBeyond = (text: string): number => countOf(text, /[^\u0000-\u007f]/gu);

const japanese: ReadonlySet<LegacyEncoding> = new Set(['shift_jis', 'euc-jp']);
/** Kana have places in the Chinese and Korean sets, too, but no Chinese or Korean text is made of them. */
const fewestKana = 0.15;

/** The detector's confidence, corrected by what the text would be. */
function likelihood(encoding: LegacyEncoding, text: string, confidence: number): number {
  const beyond = Math.max(1, countBeyond(text));
  const oddities = impossible.reduce((sum, pattern) => sum + countOf(text, pattern), 0);
  const kana = countOf(text, /[\u3041-\u30fa]/g) / beyond;
  if (kana >= fewestKana && japanese.has(encoding)) return Math.max(confidence, kana);
  return oddities / beyond > 0.08 || kana >= fewestKana ? confidence * 0.05 : confidence;
}

/** Fewer letters beyond ASCII say little about which of the Latin sets they are of. */
const fewLetters = 4;
/** Fewer bytes of another script are a word in several of them, whatever the detector says. */
const fewBytes = 8;

interface Ranked {
  readonly encoding: LegacyEncoding;
  readonly text: string;
  readonly likely: number;
}

/** @param bytes how many are beyond ASCII */
function isSure(ranked: readonly Ranked[], bytes: number): boolean {
  const [first, ...others] = ranked.filter(({ encoding }) => !seldom.has(encoding));
  if (!first) return false;
  const { encoding, text, likely } = first;
  if (!latin.has(encoding) && bytes < fewBytes) return false;
  const isKin = (other: Ranked): boolean => latin.has(encoding) && latin.has(other.encoding);
  const rival = others.find((other) => !isKin(other))?.likely ?? 0;
  const kin = others.find(isKin)?.likely ?? 0;
  const isFar = (likely >= 0.05 && likely >= 3 * rival) || (likely >= 0.005 && likely >= 8 * rival);
  // Most of what is written in Latin letters is in this one.
  const needed = (encoding === 'windows-1252' ? 1.15 : 2) * (countBeyond(text) < fewLetters ? 1.75 : 1);
  return isFar && likely >= needed * kin;
}

/** @param sample of a text, see `tellingSample` */
export function rankEncodings(sample: Uint8Array): RankedEncodings {
  const opinion = opinionOn(sample);
  const ranked = [...possibleTexts(sample)]
    .map(([encoding, text]) => ({ encoding, text, likely: likelihood(encoding, text, opinion.get(encoding) ?? 0) }))
    .sort((a, b) => Number(seldom.has(a.encoding)) - Number(seldom.has(b.encoding)) || b.likely - a.likely);
  const choices = choicesFrom(ranked.map(({ encoding, text }) => [encoding, text] as const));
  const distinct = ranked.filter(({ encoding }) => choices.some((choice) => choice.encoding === encoding));
  const bytes = sample.reduce((sum, byte) => sum + (byte < 0x80 ? 0 : 1), 0);
  return { choices, sure: isSure(distinct, bytes) };
}

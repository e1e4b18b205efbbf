/** Bytes of a text file as text, where the bytes name their encoding or have its form. Pure. */
import { controls, countOf, markedEncoding, sampleBytes, shareOf, strange, type TextEncoding } from './text-encoding';

export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
  /** Places that are no character in it, each shown as �. */
  readonly damaged: number;
}

export type Decoded =
  | ({ readonly kind: 'text' } & DecodedText)
  /** No text at all. */
  | { readonly kind: 'binary' }
  /** Text, most likely, in an encoding that nothing in it names. */
  | { readonly kind: 'unnamed' };

function strictlyDecoded(bytes: Uint8Array, encoding: TextEncoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The text, with � where a part of it is none in this encoding. */
export function decodedAs(bytes: Uint8Array, encoding: TextEncoding): DecodedText {
  const strict = strictlyDecoded(bytes, encoding);
  if (strict !== null) return { text: strict, encoding, damaged: 0 };
  const text = new TextDecoder(encoding).decode(bytes);
  return { text, encoding, damaged: countOf(text, /\ufffd/g) };
}

const looksLikeText = (text: string): boolean => shareOf(text, controls) < 0.002 && shareOf(text, strange) < 0.02;

/** UTF-16 without a mark: most texts have many characters below 256, so every other byte is zero. */
function utf16Without(bytes: Uint8Array): TextEncoding | null {
  const sample = bytes.subarray(0, sampleBytes);
  let even = 0;
  let odd = 0;
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const half = sample.length / 2;
  if (odd > half * 0.25 && even < half * 0.02) return 'utf-16le';
  if (even > half * 0.25 && odd < half * 0.02) return 'utf-16be';
  return null;
}

/** What switches to Japanese in a text that has no byte above 127. */
// eslint-disable-next-line no-control-regex
const iso2022 = /\u001b(?:\$[@B]|\(J)/;

/** UTF-8 that is damaged, or cut off in the middle of a character: other encodings seldom look like so much of it. */
function damagedUtf8(bytes: Uint8Array): DecodedText | null {
  const decoded = decodedAs(bytes, 'utf-8');
  // eslint-disable-next-line no-control-regex
  const whole = countOf(decoded.text, /[^\u0000-\u007f\ufffd]/gu);
  return whole >= 3 && decoded.damaged * 10 <= whole && looksLikeText(decoded.text) ? decoded : null;
}

const found = (decoded: DecodedText): Decoded => ({ kind: 'text', ...decoded });

const wholeUnits = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length - (bytes.length % 2));

export function decodeText(bytes: Uint8Array): Decoded {
  const marked = markedEncoding(bytes);
  if (marked !== null) {
    const decoded = decodedAs(marked === 'utf-8' ? bytes : wholeUnits(bytes), marked);
    return looksLikeText(decoded.text) ? found(decoded) : { kind: 'binary' };
  }
  const utf16 = utf16Without(bytes);
  if (utf16 !== null) {
    const decoded = decodedAs(wholeUnits(bytes), utf16);
    if (decoded.damaged === 0 && looksLikeText(decoded.text)) return found(decoded);
  }
  const utf8 = strictlyDecoded(bytes, 'utf-8');
  if (utf8 !== null) {
    const japanese = iso2022.test(utf8) ? decodedAs(bytes, 'iso-2022-jp') : null;
    if (japanese?.damaged === 0) return found(japanese);
    return looksLikeText(utf8) ? found({ text: utf8, encoding: 'utf-8', damaged: 0 }) : { kind: 'binary' };
  }
  const sample = bytes.subarray(0, sampleBytes);
  if (sample.includes(0) || shareOf(new TextDecoder('latin1').decode(sample), controls) >= 0.002)
    return { kind: 'binary' };
  const damaged = damagedUtf8(bytes);
  return damaged ? found(damaged) : { kind: 'unnamed' };
}

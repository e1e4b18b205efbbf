/** Bytes of a text file as text, in whichever of the usual encodings they are. Pure. */

export type Decoded =
  | { readonly kind: 'text'; readonly text: string }
  /** No text at all. */
  | { readonly kind: 'binary' }
  /** Text, most likely, but in an encoding that is not known here. */
  | { readonly kind: 'unknown-encoding' };

/** As much as tells what a file is. */
const sampleBytes = 65_536;

const marks: readonly { readonly bytes: readonly number[]; readonly encoding: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

function decode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Control characters that no text has, and private ones that only a wrong encoding brings about. */
const shareOf = (text: string, pattern: RegExp): number =>
  text.length === 0 ? 0 : [...text.slice(0, sampleBytes).matchAll(pattern)].length / Math.min(text.length, sampleBytes);
// Tab, line feed, form feed, carriage return and escape (terminal output) are part of texts.
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\ufffe\uffff]/g;
const strange = /[\ue000-\uf8ff\ufffd\u0080-\u009f]/g;

const looksLikeText = (text: string): boolean => shareOf(text, controls) < 0.002 && shareOf(text, strange) < 0.02;

/** UTF-16 without a mark: most texts have many characters below 256, so every other byte is zero. */
function utf16Without(bytes: Uint8Array): string | null {
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

/**
 * Nearly all of a Chinese text are the common characters and marks of GB2312, whose pairs of bytes have both their high bits set.
 * Other encodings (Big5, Shift-JIS, Windows-1252) can be decoded as GB18030 too, but come out as pairs that are not like that.
 */
function looksChinese(bytes: Uint8Array): boolean {
  let pairs = 0;
  let common = 0;
  const end = Math.min(bytes.length, sampleBytes);
  for (let at = 0; at < end; at += 1) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) continue;
    const second = bytes[at + 1] ?? 0;
    pairs += 1;
    at += 1;
    if (second < 0xa1) continue;
    if ((first >= 0xb0 && first <= 0xd7) || (first >= 0xa1 && first <= 0xa3)) common += 1;
  }
  return pairs > 0 && common / pairs > 0.8;
}

export function decodeText(bytes: Uint8Array): Decoded {
  const marked = marks.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte));
  if (marked) {
    const text = decode(bytes, marked.encoding);
    return text === null ? { kind: 'unknown-encoding' } : { kind: 'text', text };
  }
  const utf16 = utf16Without(bytes);
  if (utf16 !== null) {
    const text = decode(bytes.subarray(0, bytes.length - (bytes.length % 2)), utf16);
    if (text !== null && looksLikeText(text)) return { kind: 'text', text };
  }
  const utf8 = decode(bytes, 'utf-8');
  if (utf8 !== null) return looksLikeText(utf8) ? { kind: 'text', text: utf8 } : { kind: 'binary' };
  if (bytes.subarray(0, sampleBytes).includes(0)) return { kind: 'binary' };
  const chinese = decode(bytes, 'gb18030');
  if (chinese !== null && looksLikeText(chinese) && looksChinese(bytes)) return { kind: 'text', text: chinese };
  const latin = new TextDecoder('latin1').decode(bytes.subarray(0, sampleBytes));
  return shareOf(latin, controls) < 0.002 ? { kind: 'unknown-encoding' } : { kind: 'binary' };
}

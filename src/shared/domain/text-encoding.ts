/** Encodings of text that name themselves by nothing, and the texts that bytes may be in them. Pure, the same in page and workers. */

/** By their names in `TextDecoder`, in the order in which they are offered where nothing tells more. */
export const legacyEncodings = [
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'windows-1252',
  'windows-1250',
  'iso-8859-2',
  'windows-1251',
  // All of KOI8-R, with the letters of Ukrainian in the place of some of its line-drawing signs.
  'koi8-u',
  'ibm866',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
] as const;
export type LegacyEncoding = (typeof legacyEncodings)[number];
export type TextEncoding = LegacyEncoding | 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-2022-jp';

/** An encoding that the bytes may be in, and what they say then. */
export interface EncodingChoice {
  readonly encoding: TextEncoding;
  /** The beginning of the text, for a person to judge by. */
  readonly preview: string;
}

export interface RankedEncodings {
  /** Most likely first; each makes another text of the bytes. Empty where no encoding does. */
  readonly choices: readonly EncodingChoice[];
  /** The first is so much more likely than the others that nobody need be asked. */
  readonly sure: boolean;
}

/** The calls of the worker that has the detector. */
export interface EncodingApi {
  rankEncodings(sample: Uint8Array): Promise<RankedEncodings>;
}

const marks: readonly { readonly bytes: readonly number[]; readonly encoding: TextEncoding }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

/** What the mark at the beginning of a text names; null where there is none. A decoder leaves the mark out. */
export const markedEncoding = (bytes: Uint8Array): TextEncoding | null =>
  marks.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte))?.encoding ?? null;

/** As much of a file as tells what it is. */
export const sampleBytes = 65_536;

export const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Characters that no text has, or only one in a wrong encoding; of the beginning. */
export function shareOf(text: string, pattern: RegExp): number {
  const sample = text.slice(0, sampleBytes);
  return sample.length === 0 ? 0 : countOf(sample, pattern) / sample.length;
}
// Tab, line feed, form feed, carriage return and escape (terminal output) are part of texts.
// eslint-disable-next-line no-control-regex
export const controls = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\ufffe\uffff]/g;
/** Private characters, and control characters that only a wrong encoding brings about. */
export const strange = /[\ue000-\uf8ff\ufffd\u0080-\u009f]/g;

const lineEnds: readonly number[] = [0x0a, 0x0d];

/** The part of a line that tells most in `room` bytes; empty where all of it is ASCII. */
function tellingPart(line: Uint8Array, room: number): Uint8Array {
  const first = line.findIndex((byte) => byte >= 0x80);
  if (first === -1) return line.subarray(0, 0);
  // No character of the listed encodings that is more than ASCII begins with a byte of ASCII: none is cut in two here.
  return line.length <= room ? line : line.subarray(first, first + room);
}

/**
 * What tells encodings apart: the lines that have more than ASCII in them, up to 64 KiB. A long file may begin with thousands of
 * lines of figures, or be one line that does.
 */
export function tellingSample(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length <= sampleBytes) return bytes.slice();
  const sample = new Uint8Array(sampleBytes);
  let length = 0;
  let start = 0;
  for (let end = 1; end <= bytes.length && length < sampleBytes; end += 1) {
    if (end < bytes.length && !lineEnds.includes(bytes[end - 1] ?? 0)) continue;
    const part = tellingPart(bytes.subarray(start, end), sampleBytes - length);
    sample.set(part, length);
    length += part.length;
    start = end;
  }
  return sample.slice(0, length);
}

/** Less of a text than this may be broken without its encoding being another one. */
const mostDamage = 0.02;

function decodedSample(bytes: Uint8Array, encoding: LegacyEncoding): string {
  // As a stream: the sample may end in the middle of a character.
  const options = { stream: true };
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, options);
  } catch {
    return new TextDecoder(encoding).decode(bytes, options);
  }
}

/** The text, or null where it is none in this encoding. */
function possibleText(bytes: Uint8Array, encoding: LegacyEncoding): string | null {
  const text = decodedSample(bytes, encoding);
  if (countOf(text, controls) > 0) return null;
  // eslint-disable-next-line no-control-regex
  return countOf(text, strange) <= mostDamage * countOf(text, /[^\u0000-\u007f]/g) ? text : null;
}

/** What text a sample is in each encoding in which it is one, in the order in which they are offered. Some may be the same. */
export const possibleTexts = (sample: Uint8Array): ReadonlyMap<LegacyEncoding, string> =>
  new Map(
    legacyEncodings.flatMap((encoding) => {
      const text = possibleText(sample, encoding);
      return text === null ? [] : [[encoding, text] as const];
    }),
  );

const previewLines = 6;
const previewCharacters = 300;

/** The first lines with more than ASCII in them: only they differ from one encoding to another. */
function previewOf(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  // eslint-disable-next-line no-control-regex
  const telling = lines.filter((line) => /[^\u0000-\u007f]/.test(line));
  return telling.slice(0, previewLines).join('\n').slice(0, previewCharacters);
}

/** The encodings to choose from: of those that make the same text, the first. */
export function choicesFrom(texts: Iterable<readonly [LegacyEncoding, string]>): readonly EncodingChoice[] {
  const firsts = new Map<string, LegacyEncoding>();
  for (const [encoding, text] of texts) if (!firsts.has(text)) firsts.set(text, encoding);
  return [...firsts].map(([text, encoding]) => ({ encoding, preview: previewOf(text) }));
}

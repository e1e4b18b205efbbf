/** Text inside a PNG picture: a chunk that viewers ignore (iTXt), so that a picture of a result can be read again. */

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const keyword = 'sotto-bench';
/** After the keyword: end of it, not compressed, method 0, no language, no translation. */
const preamble = [0, 0, 0, 0, 0];

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export const isPng = (bytes: Uint8Array): boolean => signature.every((byte, index) => bytes[index] === byte);

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly data: Uint8Array;
}

/** Ends without a word where the file does, or where it stops making sense. */
function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = signature.length;
  while (start + 12 <= bytes.length) {
    const length = view.getUint32(start);
    if (start + 12 + length > bytes.length) return;
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
    yield { type, start, data: bytes.subarray(start + 8, start + 8 + length) };
    start += 12 + length;
  }
}

/** @throws Error for what is no PNG */
export function withText(png: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const end = isPng(png) ? [...chunksOf(png)].find(({ type }) => type === 'IEND') : undefined;
  if (!end) throw new Error('not a PNG picture');
  const encoder = new TextEncoder();
  const body = new Uint8Array([...encoder.encode(`iTXt${keyword}`), ...preamble, ...encoder.encode(text)]);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(4 + body.length, crc32(body));
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, end.start));
  result.set(chunk, end.start);
  result.set(png.subarray(end.start), end.start + chunk.length);
  return result;
}

/** The text that `withText` put there; null where there is none. */
export function textIn(png: Uint8Array): string | null {
  if (!isPng(png)) return null;
  const head = [...new TextEncoder().encode(keyword), ...preamble];
  for (const { type, data } of chunksOf(png)) {
    if (type !== 'iTXt' || !head.every((byte, index) => data[index] === byte)) continue;
    return new TextDecoder().decode(data.subarray(head.length));
  }
  return null;
}

/**
 * How large a picture says it is, read from its header: before anything is decoded, since a file of some kilobytes can unpack to
 * gigabytes. Reads a few bytes here and there; a header lies behind megabytes of metadata at times.
 */
import type { PictureKind } from './picture-kind';

export interface PictureHeader {
  /** In pixels, as stored: a picture that is turned by its metadata is shown with both exchanged. */
  readonly width: number;
  readonly height: number;
  /** More than one picture is in it, to be shown one after the other. */
  readonly animated: boolean;
}

/** Bytes of a file from a place on; fewer at its end. */
const viewOf = async (file: Blob, start: number, length: number): Promise<DataView> =>
  new DataView(await file.slice(start, start + length).arrayBuffer());

const textAt = (view: DataView, at: number, length = 4): string =>
  String.fromCharCode(...Array.from({ length }, (_, index) => view.getUint8(at + index)));

/** Segments before the one with the size; a file that has more of them is made to keep us busy. */
const mostSegments = 2000;

/** The markers that begin a frame, whatever its coding. 0xc4, 0xc8 and 0xcc in their midst are others. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

async function jpegHeader(file: Blob): Promise<PictureHeader | null> {
  let at = 2;
  for (let segment = 0; segment < mostSegments; segment += 1) {
    const view = await viewOf(file, at, 9);
    if (view.getUint8(0) !== 0xff) return null;
    const marker = view.getUint8(1);
    // Fill bytes before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(marker)) return { width: view.getUint16(7), height: view.getUint16(5), animated: false };
    at += 2 + view.getUint16(2);
  }
  return null;
}

async function pngHeader(file: Blob): Promise<PictureHeader> {
  const view = await viewOf(file, 0, 24);
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  // Of an animation, a chunk before the pixels tells it.
  let at = 33;
  for (let chunk = 0; chunk < mostSegments; chunk += 1) {
    const next = await viewOf(file, at, 8);
    if (next.byteLength < 8 || textAt(next, 4) === 'IDAT') break;
    if (textAt(next, 4) === 'acTL') return { ...size, animated: true };
    at += 12 + next.getUint32(0);
  }
  return { ...size, animated: false };
}

/** So much of a GIF is looked through for its second picture; the first alone may be larger, and then it is taken for the only one. */
const gifBytes = 4_000_000;

async function gifHeader(file: Blob): Promise<PictureHeader> {
  const view = await viewOf(file, 0, gifBytes);
  const size = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + tableBytes(view.getUint8(10));
  const skipBlocks = (): void => {
    while (at < view.byteLength && view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at += 1;
  };
  for (let pictures = 0; at + 10 < view.byteLength;) {
    const block = view.getUint8(at);
    if (block === 0x21) {
      at += 2;
    } else if (block === 0x2c) {
      pictures += 1;
      if (pictures > 1) return { ...size, animated: true };
      at += 11 + tableBytes(view.getUint8(at + 9));
    } else break;
    skipBlocks();
  }
  return { ...size, animated: false };
}

async function webpHeader(file: Blob): Promise<PictureHeader | null> {
  const view = await viewOf(file, 0, 30);
  const threeBytes = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  switch (textAt(view, 12)) {
    case 'VP8X':
      return { width: threeBytes(24) + 1, height: threeBytes(27) + 1, animated: (view.getUint8(20) & 2) !== 0 };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, animated: false };
    }
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff, animated: false };
    default:
      return null;
  }
}

async function bmpHeader(file: Blob): Promise<PictureHeader> {
  const view = await viewOf(file, 0, 26);
  // The oldest header has 16 bits for each.
  if (view.getUint32(14, true) === 12)
    return { width: view.getUint16(18, true), height: view.getUint16(20, true), animated: false };
  // A height below zero: the rows are stored from the top.
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)), animated: false };
}

/** So far into the file its descriptions reach; the pixels come behind them. */
const descriptionBytes = 262_144;

/** AVIF and HEIC: of all sizes that are told (of tiles, of small copies), the largest. */
async function tiledHeader(file: Blob): Promise<PictureHeader | null> {
  const view = await viewOf(file, 0, descriptionBytes);
  let largest: PictureHeader | null = null;
  for (let at = 4; at + 16 <= view.byteLength; at += 1) {
    if (view.getUint32(at) !== 0x69737065) continue; // "ispe"
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (largest === null || width * height > largest.width * largest.height)
      largest = { width, height, animated: false };
  }
  return largest && { ...largest, animated: textAt(view, 8) === 'avis' };
}

const readers: Partial<Record<PictureKind, (file: Blob) => Promise<PictureHeader | null>>> = {
  png: pngHeader,
  jpeg: jpegHeader,
  webp: webpHeader,
  gif: gifHeader,
  bmp: bmpHeader,
  avif: tiledHeader,
  heic: tiledHeader,
};

/**
 * @returns null where the header is damaged, or tells no size
 * @throws DOMException where the file can no longer be read
 */
export async function pictureHeader(file: Blob, kind: PictureKind): Promise<PictureHeader | null> {
  try {
    const header = (await readers[kind]?.(file)) ?? null;
    return header && header.width > 0 && header.height > 0 ? header : null;
  } catch (error) {
    // Read beyond the end of a file that was cut off.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

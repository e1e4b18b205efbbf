/** What kind of picture a file is, by its first bytes: names and types are whatever the sender says. Pure. */

export type PictureKind =
  | 'png'
  | 'jpeg'
  | 'webp'
  | 'gif'
  | 'bmp'
  | 'avif'
  /** Of phones; most browsers do not know it. */
  | 'heic'
  /** A program that draws. */
  | 'svg'
  /** A picture, of a kind that no browser needs to know. */
  | 'other';

/** So many bytes from the beginning are enough to tell. */
export const tellingBytes = 1024;

/** Brands of the container that AVIF and HEIC share. */
const avifBrands = new Set(['avif', 'avis']);
const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);

function brandedKind(text: string): PictureKind | null {
  if (text.slice(4, 8) !== 'ftyp') return null;
  // The major brand, a version, and all others that the file keeps to.
  const length = Math.min(64, text.charCodeAt(2) * 256 + text.charCodeAt(3));
  const brands = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= length; at += 4) brands.push(text.slice(at, at + 4));
  if (brands.some((brand) => avifBrands.has(brand))) return 'avif';
  return brands.some((brand) => heicBrands.has(brand)) ? 'heic' : null;
}

/** Words before the element: a declaration, a document type, comments. */
const svgBeginning = /^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?xml[^>]*>\s*|<!doctype[^>]*>\s*|<!--[\s\S]*?-->\s*)*<svg[\s>]/i;

const marks: readonly (readonly [mark: string, kind: PictureKind])[] = [
  ['\u0089PNG\r\n\u001a\n', 'png'],
  ['\u00ff\u00d8\u00ff', 'jpeg'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
  ['II*\0', 'other'],
  ['MM\0*', 'other'],
  ['8BPS', 'other'],
  ['\u00ff\u000a', 'other'],
  ['\0\0\0\u000cJXL ', 'other'],
  ['\0\0\0\u000cjP  ', 'other'],
];

/** Two letters are no mark: the rest of the header has to be one, too. */
const isBitmap = (text: string): boolean =>
  text.startsWith('BM') && text.slice(6, 10) === '\0\0\0\0' && text.charCodeAt(15) + text.charCodeAt(16) === 0;

/**
 * @param head the first `tellingBytes` of the file
 * @param type as the sender says: only to call a picture one that is too damaged to be told
 * @returns null for what is no picture
 */
export function pictureKind(head: Uint8Array, type = ''): PictureKind | null {
  const text = new TextDecoder('latin1').decode(head);
  const marked = marks.find(([mark]) => bytesBegin(head, mark))?.[1];
  if (marked) return marked;
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  if (isBitmap(text)) return 'bmp';
  const branded = brandedKind(text);
  if (branded) return branded;
  if (type.startsWith('image/svg') || svgBeginning.test(text)) return 'svg';
  return type.startsWith('image/') ? 'other' : null;
}

// Not by the decoded text: "latin1" of the web is windows-1252, which has other characters for 0x80 to 0x9f.
const bytesBegin = (head: Uint8Array, mark: string): boolean =>
  [...mark].every((letter, index) => head[index] === letter.charCodeAt(0));

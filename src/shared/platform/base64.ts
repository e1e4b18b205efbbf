/** Bytes as text, and back. `Uint8Array.toBase64` is too new to rely on. */

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  // All at once would be more arguments than a call may have.
  for (let start = 0; start < bytes.length; start += 8192)
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(text);
}

/** Base64 of a Blob, in pieces of at most `characters` characters, each of which can be read alone. */
export async function* base64Of(blob: Blob, characters: number): AsyncGenerator<string> {
  const bytesPerPiece = (characters / 4) * 3;
  for (let start = 0; start < blob.size; start += bytesPerPiece)
    yield toBase64(new Uint8Array(await blob.slice(start, start + bytesPerPiece).arrayBuffer()));
}

/** @throws DOMException for what is no Base64 */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** The alphabet that needs no escape in a URL, without padding. */
export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** @throws DOMException for what is no Base64 */
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));

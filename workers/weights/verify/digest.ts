import { loadPart } from '../../load-part';

const toHex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The browser's own hashing is four times as fast as the hash thread; without HTTPS, browsers withhold it. */
async function digest(name: 'SHA-1' | 'SHA-256', content: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
  if ('subtle' in crypto) return toHex(await crypto.subtle.digest(name, content));
  const { sha1, sha256: slowSha256 } = await loadPart(() => import('hash-wasm'));
  return (name === 'SHA-1' ? sha1 : slowSha256)(new Uint8Array(content));
}

/** @returns lower-case hex of the SHA-256 of what is in memory */
export const sha256 = (content: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> => digest('SHA-256', content);

/** Git's blob id: the hash that the hub tells for small files. @returns lower-case hex */
export async function gitSha1(content: Blob): Promise<string> {
  const framed = new Blob([`blob ${content.size}\0`, content]);
  return digest('SHA-1', await framed.arrayBuffer());
}

const toHex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** @returns lower-case hex of the SHA-256 of what is in memory: four times faster than the hash thread */
export const sha256 = async (content: BufferSource): Promise<string> =>
  toHex(await crypto.subtle.digest('SHA-256', content));

/** Git's blob id: the hash that the hub tells for small files. @returns lower-case hex */
export async function gitSha1(content: Blob): Promise<string> {
  const framed = new Blob([`blob ${content.size}\0`, content]);
  return toHex(await crypto.subtle.digest('SHA-1', await framed.arrayBuffer()));
}

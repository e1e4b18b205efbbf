/**
 * How kept bytes lie in the database: sealed with the key of the lock (12 bytes of nonce, then AES-GCM), or in the clear behind a
 * checksum (SHA-256). Either proves that they are what was kept, and for which place: its name is part of both.
 */
import type { SealingKey } from '../../../../src/shared/protocol/engine';

const nonceBytes = 12;
const digestBytes = 32;

export class Envelope {
  /** Of the key that seals; null where nothing is sealed. */
  readonly keyId: string | null;
  private readonly key: CryptoKey | null;

  constructor(sealing: SealingKey | null) {
    this.keyId = sealing?.keyId ?? null;
    this.key = sealing?.key ?? null;
  }

  async close(bytes: Uint8Array<ArrayBuffer>, place: string): Promise<Uint8Array<ArrayBuffer>> {
    if (this.key === null) return joined(await checksum(bytes, place), bytes);
    const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
    return joined(iv, new Uint8Array(await crypto.subtle.encrypt(algorithmOf(iv, place), this.key, bytes)));
  }

  /** @returns null when it was damaged, cut off, closed with another key or for another place */
  async open(closed: Uint8Array<ArrayBuffer>, place: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.key === null) {
      const bytes = closed.subarray(digestBytes);
      const wanted = await checksum(bytes, place);
      return closed.length >= digestBytes && wanted.every((byte, index) => byte === closed[index]) ? bytes : null;
    }
    try {
      const algorithm = algorithmOf(closed.slice(0, nonceBytes), place);
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.key, closed.subarray(nonceBytes)));
    } catch {
      return null;
    }
  }
}

const algorithmOf = (iv: Uint8Array<ArrayBuffer>, place: string): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(place),
});

/** Of the name and the checksum of the bytes, so that the bytes need not be copied behind the name. */
async function checksum(bytes: Uint8Array<ArrayBuffer>, place: string): Promise<Uint8Array<ArrayBuffer>> {
  const inner = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const outer = await crypto.subtle.digest('SHA-256', joined(inner, new TextEncoder().encode(place)));
  return new Uint8Array(outer);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

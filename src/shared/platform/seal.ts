/**
 * Sealing of records: AES-GCM with a fresh nonce for each. The table, the id and everything that stays in the clear is
 * authenticated with it, so that a record cannot be put in another's place. Page and search worker both use this.
 */
import type { SealedRecord } from '../domain/lock';

/** Part of what is authenticated. A change of the format below is a new version. */
const formatVersion = 1;
const nonceBytes = 12;

type Clear = Omit<SealedRecord, 'sealed'>;
type StoredFields = Readonly<Record<string, unknown>> & { readonly id: string };

interface Content {
  readonly record: Readonly<Record<string, unknown>>;
  /** Fields that are Blobs: name, media type, bytes. They follow the JSON, in this order. */
  readonly blobs: readonly (readonly [field: string, type: string, bytes: number])[];
}

/** What the indices of a table need. Everything else is sealed. */
function clearFieldsOf(table: string, record: StoredFields): Clear {
  const { id } = record;
  if (table === 'messages' || table === 'attachments') return { id, conversationId: String(record['conversationId']) };
  if (table !== 'conversations') return { id };
  const updatedAt = Number(record['updatedAt']);
  return record['pinnedKey'] === 1 ? { id, updatedAt, pinnedKey: 1 } : { id, updatedAt };
}

const additionalData = (table: string, { id, conversationId, updatedAt, pinnedKey }: Clear): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(
    JSON.stringify([formatVersion, table, id, conversationId ?? null, updatedAt ?? null, pinnedKey ?? null]),
  );

/** The length of the JSON in 4 bytes, the JSON, the Blobs. */
async function encode(record: StoredFields): Promise<Uint8Array<ArrayBuffer>> {
  const isBlob = (entry: readonly [string, unknown]): entry is [string, Blob] => entry[1] instanceof Blob;
  const fields = Object.entries(record);
  const blobs = fields.filter(isBlob);
  const content: Content = {
    record: Object.fromEntries(fields.filter((entry) => !isBlob(entry))),
    blobs: blobs.map(([field, { type, size }]) => [field, type, size]),
  };
  const json = new TextEncoder().encode(JSON.stringify(content));
  const parts = await Promise.all(blobs.map(([, blob]) => blob.arrayBuffer()));
  const bytes = new Uint8Array(4 + json.length + parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  new DataView(bytes.buffer).setUint32(0, json.length);
  bytes.set(json, 4);
  let offset = 4 + json.length;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return bytes;
}

function decode(bytes: ArrayBuffer): Readonly<Record<string, unknown>> {
  const jsonEnd = 4 + new DataView(bytes).getUint32(0);
  const content = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, jsonEnd - 4))) as Content;
  let offset = jsonEnd;
  const blobs = content.blobs.map(([field, type, size]) => {
    const blob = new Blob([new Uint8Array(bytes, offset, size)], { type });
    offset += size;
    return [field, blob] as const;
  });
  return { ...content.record, ...Object.fromEntries(blobs) };
}

/** Rejects with a DOMException when a Blob cannot be read any more. */
export async function seal(key: CryptoKey, table: string, record: StoredFields): Promise<SealedRecord> {
  const clear = clearFieldsOf(table, record);
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const algorithm = { name: 'AES-GCM', iv, additionalData: additionalData(table, clear) };
  const ciphertext = await crypto.subtle.encrypt(algorithm, key, await encode(record));
  const sealed = new Uint8Array(nonceBytes + ciphertext.byteLength);
  sealed.set(iv);
  sealed.set(new Uint8Array(ciphertext), nonceBytes);
  return { ...clear, sealed };
}

/** Rejects when the record was sealed with another key, for another place, or has been changed since. */
export async function unseal(
  key: CryptoKey,
  table: string,
  { sealed, ...clear }: SealedRecord,
): Promise<Readonly<Record<string, unknown>>> {
  const iv = sealed.subarray(0, nonceBytes);
  const algorithm = { name: 'AES-GCM', iv, additionalData: additionalData(table, clear) };
  return decode(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(nonceBytes)));
}

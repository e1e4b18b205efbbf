/** Records with Blobs in them, as databases hold them that refuse Blobs. Pure; page and search worker both read them. */

/** What lies in the place of a Blob. */
export interface StoredBytes {
  readonly blobBytes: ArrayBuffer;
  readonly type: string;
}

const isStoredBytes = (value: unknown): value is StoredBytes =>
  typeof value === 'object' && value !== null && (value as Partial<StoredBytes>).blobBytes instanceof ArrayBuffer;

/** The record with its Blobs, in whichever form it was stored. */
export function withBlobs<Value>(stored: Value): Value {
  if (typeof stored !== 'object' || stored === null || !Object.values(stored).some(isStoredBytes)) return stored;
  const fields = Object.entries(stored).map(([name, field]: [string, unknown]) =>
    isStoredBytes(field) ? [name, new Blob([field.blobBytes], { type: field.type })] : [name, field],
  );
  return Object.fromEntries(fields) as Value;
}

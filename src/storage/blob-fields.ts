/** Records with Blobs in them, in databases that refuse Blobs: see `BlobSupport`. Both forms may lie side by side. */
import type { RecordForm } from './record-form';

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

/** @param withBytes makes bytes of the Blobs in a record, inside of the transaction; null where Blobs are kept */
export const formWithBlobs = (
  form: RecordForm,
  withBytes: (<Value>(value: Value) => Promise<Value>) | null,
): RecordForm => ({
  open: (table, stored) => form.open(table, withBlobs(stored)),
  openAll: (table, stored) => form.openAll(table, stored.map(withBlobs)),
  close: async (table, value) => {
    const closed = await form.close(table, value);
    return withBytes === null ? closed : withBytes(closed);
  },
});

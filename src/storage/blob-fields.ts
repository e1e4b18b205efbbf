/** Records with Blobs in them, in databases that refuse Blobs: see `BlobSupport`. Both forms may lie side by side. */
import type { RecordForm } from './record-form';

/** What lies in the place of a Blob. */
interface StoredBytes {
  readonly blobBytes: ArrayBuffer;
  readonly type: string;
}

const isStoredBytes = (value: unknown): value is StoredBytes =>
  typeof value === 'object' && value !== null && (value as Partial<StoredBytes>).blobBytes instanceof ArrayBuffer;

/** The record with bytes in the place of its Blobs. Rejects with a DOMException when one cannot be read any more. */
export async function withBytes<Value>(value: Value): Promise<Value> {
  const fields = await Promise.all(
    Object.entries(value as object).map(async ([name, field]: [string, unknown]) =>
      field instanceof Blob
        ? [name, { blobBytes: await field.arrayBuffer(), type: field.type } satisfies StoredBytes]
        : [name, field],
    ),
  );
  return Object.fromEntries(fields) as Value;
}

/** The record with its Blobs, in whichever form it was stored. */
export function withBlobs<Value>(stored: Value): Value {
  if (typeof stored !== 'object' || stored === null || !Object.values(stored).some(isStoredBytes)) return stored;
  const fields = Object.entries(stored).map(([name, field]: [string, unknown]) =>
    isStoredBytes(field) ? [name, new Blob([field.blobBytes], { type: field.type })] : [name, field],
  );
  return Object.fromEntries(fields) as Value;
}

/** @param during keeps the transaction alive while Blobs are read; null where Blobs are written as they are */
export function formWithBlobs(form: RecordForm, during: (<T>(work: Promise<T>) => Promise<T>) | null): RecordForm {
  return {
    open: (table, stored) => form.open(table, withBlobs(stored)),
    openAll: (table, stored) => form.openAll(table, stored.map(withBlobs)),
    close: async (table, value) => {
      const closed = await form.close(table, value);
      return during === null ? closed : during(withBytes(closed));
    },
  };
}

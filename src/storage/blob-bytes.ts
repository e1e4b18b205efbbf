/** Bytes in the place of Blobs. Loaded only where a database refuses Blobs. */
import type { StoredBytes } from '../shared/platform/stored-bytes';
import { TransactionHold } from './transaction-hold';
import type { LivingTransaction } from './vault';

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

/** The same, in a transaction that goes on afterwards. */
export function withBytesInside(transaction: LivingTransaction): typeof withBytes {
  const hold = new TransactionHold(transaction);
  return (value) => hold.during(withBytes(value));
}

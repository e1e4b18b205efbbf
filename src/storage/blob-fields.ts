/** Records with Blobs in them, in databases that refuse Blobs: see `BlobSupport`. Both forms may lie side by side. */
import { withBlobs } from '../shared/platform/stored-bytes';
import type { RecordForm } from './record-form';

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

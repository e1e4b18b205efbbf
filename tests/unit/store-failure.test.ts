/** What a database said, by its name: nobody is told that it was deleted when a write failed. */
import { expect, it } from 'vitest';
import { FailureError, type FailureKind } from '../../src/shared/protocol/failure';
import { storeFailure } from '../../workers/weights/store/store-failure';

it.each<[string, string, FailureKind]>([
  ['UnknownError', 'Error preparing Blob/File data to be stored in object store', 'weights-storage-failed'],
  ['AbortError', 'AbortError', 'weights-storage-failed'],
  ['UnknownError', 'Internal error opening backing store for indexedDB.open.', 'weights-storage-failed'],
  ['DataCloneError', 'The object can not be cloned.', 'weights-storage-failed'],
  ['InvalidStateError', 'The database connection is closing.', 'weights-unavailable'],
  ['NotFoundError', 'One of the specified object stores was not found.', 'weights-unavailable'],
  ['SecurityError', 'The operation is insecure.', 'weights-unavailable'],
  ['QuotaExceededError', '', 'weights-storage-full'],
])('%s (%s) is %s', async (name, message, kind) => {
  expect(await storeFailure(new DOMException(message, name))).toMatchObject({ kind, technical: `${name}: ${message}` });
});

it('a failure that has its name keeps it', async () => {
  const failure = { kind: 'weights-damaged', technical: 'x' } as const;
  expect(await storeFailure(new FailureError(failure))).toBe(failure);
});

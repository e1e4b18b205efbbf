/** What one trial tells of a database: a refusal is remembered, what comes between is not. */
import { expect, it } from 'vitest';
import { BlobSupport } from '../../src/shared/platform/blob-support';

/** A database in which each trial ends as the next of these says: with success, an error's name, or an abort without a word. */
function databaseOf(...ends: readonly ('success' | 'nothing' | (string & {}))[]) {
  const state = { trials: 0 };
  const transaction = () => {
    const end = ends[state.trials] ?? 'success';
    state.trials += 1;
    const request = { error: null as DOMException | null, onsuccess: () => {}, onerror: () => {} };
    const abort = () => queueMicrotask(() => trial.onabort());
    const put = () => {
      queueMicrotask(() => {
        if (end === 'success') return request.onsuccess();
        if (end !== 'nothing') {
          request.error = new DOMException('', end.replace(/ .*/, ''));
          if (!end.includes(' ')) trial.error = request.error;
          request.onerror();
        }
        abort();
      });
      return request;
    };
    const trial = {
      error: null as DOMException | null,
      onabort: () => {},
      abort,
      objectStore: () => ({ keyPath: null, put }),
    };
    return trial;
  };
  return { database: { transaction } as unknown as IDBDatabase, state };
}

it.each(['UnknownError', 'DataCloneError', 'nothing', 'AbortError without a reason'])(
  'a refusal (%s) is remembered',
  async (end) => {
    const { database, state } = databaseOf(end);
    const support = new BlobSupport();
    expect(await support.keepsBlobs(database, 'a')).toBe(false);
    expect(await support.keepsBlobs(database, 'a')).toBe(false);
    expect([support.refused, state.trials]).toEqual([true, 1]);
  },
);

it.each(['AbortError', 'QuotaExceededError'])('a trial that came to nothing (%s) is made again', async (end) => {
  const { database, state } = databaseOf(end, 'success');
  const support = new BlobSupport();
  expect(await support.keepsBlobs(database, 'a')).toBe(true);
  expect(support.refused).toBe(false);
  expect(await support.keepsBlobs(database, 'a')).toBe(true);
  expect(await support.keepsBlobs(database, 'a')).toBe(true);
  expect(state.trials).toBe(2);
});

/** Deleting everything comes to an end, whatever other tabs do, and says what is left. */
import { deleteDB, openDB } from 'idb';
import { expect, it, vi } from 'vitest';
import { benchmarkDatabaseName } from '../../src/shared/domain/benchmark/suite';
import { deleteEverything, type DeletionReport } from '../../src/privacy/delete-everything';

it('is not held up by a tab that waits for another one, of which the browser says nothing', async () => {
  const frozen = await openDB(benchmarkDatabaseName, 1);
  const upgrading = openDB(benchmarkDatabaseName, 2);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const told: (readonly DeletionReport[])[] = [];
  const deleting = deleteEverything().then((reports) => told.push(reports));
  // What is not a timer goes its own way meanwhile.
  await vi.waitUntil(
    async () => {
      await vi.advanceTimersByTimeAsync(1000);
      return told.length > 0;
    },
    { timeout: 10_000 },
  );
  vi.useRealTimers();
  const databases = told[0]?.find(({ kind }) => kind === 'databases');
  expect(databases?.found).toContain(benchmarkDatabaseName);
  expect(databases?.left).toEqual([benchmarkDatabaseName]);
  frozen.close();
  (await upgrading).close();
  await deleting;
  await deleteDB(benchmarkDatabaseName);
});

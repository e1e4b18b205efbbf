import { deleteDB } from 'idb';
import { benchmarkDatabaseName } from '../contracts/benchmark/suite';
import { failureFrom, type Result } from '../contracts/failure';
import { weightsDatabaseName } from '../contracts/weights';
import { chatsDatabaseName } from '../storage/chats-database';

/** How long other tabs may take to let go of the database, in ms. */
const blockedGraceMs = 3000;

const deleteDatabase = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    deleteDB(name, {
      blocked: () => setTimeout(() => reject(new Error(`another tab holds ${name}`)), blockedGraceMs),
    }).then(resolve, reject);
  });

/** Deletes everything that Sotto stored on this device: chats, models, settings, caches. The caller reloads the page afterwards. */
export async function wipeDevice(): Promise<Result<null>> {
  try {
    if ('indexedDB' in globalThis) {
      for (const name of [chatsDatabaseName, weightsDatabaseName, benchmarkDatabaseName]) await deleteDatabase(name);
    }
    localStorage.clear();
    if ('caches' in globalThis) for (const name of await caches.keys()) await caches.delete(name);
    return { ok: true, value: null };
  } catch (error) {
    return { ok: false, failure: failureFrom(error, 'storage-blocked') };
  }
}

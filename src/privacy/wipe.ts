import { deleteDB } from 'idb';
import { failureFrom, type Result } from '../contracts/failure';
import { chatsDatabaseName } from '../storage/chats-database';

/** How long other tabs may take to let go of the database, in ms. */
const blockedGraceMs = 3000;

/** Deletes everything that Sotto stored on this device: chats, settings, caches. The caller reloads the page afterwards. */
export async function wipeDevice(): Promise<Result<null>> {
  try {
    if ('indexedDB' in globalThis) {
      await new Promise<void>((resolve, reject) => {
        deleteDB(chatsDatabaseName, {
          blocked: () => setTimeout(() => reject(new Error('another tab holds the database')), blockedGraceMs),
        }).then(resolve, reject);
      });
    }
    localStorage.clear();
    if ('caches' in globalThis) for (const name of await caches.keys()) await caches.delete(name);
    return { ok: true, value: null };
  } catch (error) {
    return { ok: false, failure: failureFrom(error, 'storage-blocked') };
  }
}

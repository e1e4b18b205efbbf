import type { Page } from '@playwright/test';
import { expect } from './browsers/expect';

/** Everything that the browser keeps for this origin, as text: long, so no assertion should print it. */
export const rawStorage = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const found: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    const text = async (value: unknown): Promise<string> => {
      if (value instanceof Blob) return value.size < 1_000_000 ? value.text() : '';
      if (value instanceof Uint8Array) return new TextDecoder('latin1').decode(value);
      if (typeof value !== 'object' || value === null) return String(value);
      return (await Promise.all(Object.values(value).map(text))).join('\n');
    };
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
      });
      for (const store of database.objectStoreNames) {
        const records = await new Promise<unknown[]>((resolve) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result as unknown[]);
        });
        found.push(await text(records));
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const blob = await (await cache.match(request))?.blob();
        found.push(request.url, blob && blob.size < 1_000_000 ? await blob.text() : '');
      }
    }
    return found.join('\n');
  });

/** Drafts are written a moment after the last key. */
export const untilKept = (page: Page, words: string): Promise<void> =>
  expect.poll(async () => (await rawStorage(page)).includes(words), `"${words}" is kept`).toBe(true);

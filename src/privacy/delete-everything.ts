import { deleteDB } from 'idb';
import { cachePrefix } from '../shared/protocol/app-release';
import { benchmarkDatabaseName } from '../shared/domain/benchmark/suite';
import { promptCacheDatabaseName } from '../shared/platform/prompt-cache-database';
import { ledgerDatabaseName } from '../shared/platform/request-log';
import { weightsDatabaseName } from '../shared/protocol/weights';
import { chatsDatabaseName } from '../storage/chats-database';

export const storageKinds = ['databases', 'caches', 'files', 'service-workers', 'settings'] as const;
export type StorageKind = (typeof storageKinds)[number];

/** What was there, and what is still there afterwards: names, as the browser tells them. */
export interface DeletionReport {
  readonly kind: StorageKind;
  readonly found: readonly string[];
  readonly left: readonly string[];
}

interface Store {
  readonly kind: StorageKind;
  list(): Promise<readonly string[]>;
  remove(name: string): Promise<unknown>;
}

/** How long other tabs may take to let go of a database, in ms. */
const blockedMs = 5000;
/**
 * How long deleting it may take at all, in ms: browsers say nothing to who waits behind another tab that waits. What is left by
 * then is told, and large models are gone sooner.
 */
const silenceMs = 30_000;

const scope = new URL('./', document.baseURI).href;

/**
 * On an origin of its own, Sotto deletes all there is. In a folder, the origin may belong to others, too: there it deletes only
 * what bears its name.
 */
const ownsOrigin = new URL(scope).pathname === '/';
const isOurs = (name: string): boolean => ownsOrigin || /^sotto\b/.test(name);

const deleteDatabase = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const giveUpIn = (ms: number): unknown => setTimeout(() => reject(new Error(`another tab holds ${name}`)), ms);
    giveUpIn(silenceMs);
    deleteDB(name, { blocked: () => giveUpIn(blockedMs) }).then(resolve, reject);
  });

async function databaseNames(): Promise<readonly string[]> {
  // Firefox learnt to list them late; deleting what does not exist does no harm.
  const known = [
    chatsDatabaseName,
    promptCacheDatabaseName,
    weightsDatabaseName,
    ledgerDatabaseName,
    benchmarkDatabaseName,
  ];
  const listed = (await indexedDB.databases?.())?.flatMap(({ name }) => name ?? []);
  return (listed ?? known).filter(isOurs);
}

async function originFiles(): Promise<{ folder: FileSystemDirectoryHandle; names: readonly string[] }> {
  const folder = await navigator.storage.getDirectory();
  const names: string[] = [];
  for await (const name of folder.keys()) if (isOurs(name)) names.push(name);
  return { folder, names };
}

async function registrations(): Promise<readonly ServiceWorkerRegistration[]> {
  return (await navigator.serviceWorker.getRegistrations()).filter((found) => found.scope.startsWith(scope));
}

function settingNames(): readonly string[] {
  return [localStorage, sessionStorage].flatMap((storage) => Object.keys(storage)).filter(isOurs);
}

/** In this order: the service worker could answer with what is being deleted. */
function stores(): readonly Store[] {
  const all: Store[] = [];
  if ('serviceWorker' in navigator) {
    all.push({
      kind: 'service-workers',
      list: async () => (await registrations()).map((found) => found.scope),
      remove: async (name) => (await registrations()).find((found) => found.scope === name)?.unregister(),
    });
  }
  if ('caches' in globalThis) {
    const isOwnCache = (name: string): boolean => ownsOrigin || name.startsWith(cachePrefix(scope));
    all.push({
      kind: 'caches',
      list: async () => (await caches.keys()).filter(isOwnCache),
      remove: (name) => caches.delete(name),
    });
  }
  if ('indexedDB' in globalThis) all.push({ kind: 'databases', list: databaseNames, remove: deleteDatabase });
  if (typeof navigator.storage?.getDirectory === 'function') {
    all.push({
      kind: 'files',
      list: async () => (await originFiles()).names,
      remove: async (name) => (await originFiles()).folder.removeEntry(name, { recursive: true }),
    });
  }
  all.push({
    kind: 'settings',
    list: () => Promise.resolve(settingNames()),
    remove: (name) => {
      localStorage.removeItem(name);
      sessionStorage.removeItem(name);
      return Promise.resolve();
    },
  });
  return all;
}

/**
 * Deletes everything that Sotto keeps on this device, and looks again whether it is gone. Called on a page where no other
 * part of Sotto runs. What cannot be deleted is in the report; the rest is deleted all the same.
 */
export async function deleteEverything(): Promise<readonly DeletionReport[]> {
  const reports: DeletionReport[] = [];
  for (const { kind, list, remove } of stores()) {
    // A store that the browser refuses altogether holds nothing.
    const found = await list().catch(() => []);
    for (const name of found) await Promise.resolve(remove(name)).catch(() => undefined);
    reports.push({ kind, found, left: await list().catch(() => []) });
  }
  return reports;
}

/** The database under the weights: upgrades keep what is there, and old tabs are told rather than waited for. */
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/shared/platform/open-database';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import type { FileContent } from '../../workers/file-content';
import { weightsDatabase } from '../../workers/weights/store/weights-database';
import { WeightsStore } from '../../workers/weights/store/weights-store';
import { deleteWeights } from '../fixtures/weights-probe';

const manifest: WeightsManifest = {
  modelId: 'model',
  name: 'Model',
  format: 'gguf',
  source: { kind: 'hub', repository: 'a/b', commit: '0'.repeat(40) },
  files: [{ path: 'a.gguf', bytes: 5, sha256: '1'.repeat(64) }],
};
const key = `sha256:${'1'.repeat(64)}`;

beforeEach(deleteWeights);
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const silent = { onBlocked: () => {}, onClosed: () => {} };

/** A tab of the first version. @param wanted what it does when another one wants to upgrade */
const openOld = (wanted: (database: IDBDatabase) => void): Promise<{ close(): void }> =>
  openDB(weightsDatabase.name, 1, {
    upgrade: (fresh, _old, _new, transaction) => weightsDatabase.migrations[0]?.(fresh as never, transaction as never),
    blocking: (_current, _blocked, event) => wanted(event.target as IDBDatabase),
  });

const textOf = async (content: FileContent | undefined): Promise<string> =>
  new TextDecoder().decode(await content?.arrayBuffer());

async function storeWithModel(): Promise<WeightsStore> {
  const store = new WeightsStore();
  await store.admit(manifest, 'downloading', () => '');
  await store.writeChunk(key, 0, new Blob(['hello']));
  await store.finishFile(key, 'sha256', '1'.repeat(64));
  return store;
}

describe('the weights database', () => {
  it('keeps models and bytes over an upgrade, while the old tab lets go and is told', async () => {
    const old = await storeWithModel();
    const more = (database: { createObjectStore(name: 'models'): unknown }) =>
      database.createObjectStore('more' as 'models');
    const { migrations } = weightsDatabase;
    const newer = await openDatabase({ ...weightsDatabase, migrations: [...migrations, more] }, silent);
    expect(newer.version).toBe(migrations.length + 1);
    expect((await newer.get('models', 'model'))?.manifest).toEqual(manifest);
    expect(await newer.get('chunks', [key, 0])).toEqual(new Blob(['hello']));
    await expect(old.models()).rejects.toMatchObject({ failure: { kind: 'storage-outdated' } });
    newer.close();
  });

  it('tells of a transaction that ends badly only where somebody waits for it', async () => {
    const database = await openDatabase(weightsDatabase, silent);
    const uncaught = vi.fn((event: Event) => event.preventDefault());
    addEventListener('unhandledrejection', uncaught);
    const transaction = database.transaction('models');
    const reading = transaction.store.getAll();
    transaction.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    removeEventListener('unhandledrejection', uncaught);
    expect(uncaught).not.toHaveBeenCalled();
    database.close();
  });

  it('waits for an old tab that lets go when it has written, and asks only once', async () => {
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    const old = await openOld((database) => setTimeout(() => database.close(), 300));
    open.mockClear();
    const store = new WeightsStore();
    expect(await Promise.all([store.models(), store.models()])).toEqual([[], []]);
    expect(open).toHaveBeenCalledOnce();
    old.close();
  });

  it('tells that an old tab does not let go, and is there when that has ended', async () => {
    const old = await openOld(() => {});
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    const store = new WeightsStore();
    const blocked = { failure: { kind: 'storage-blocked' } };
    await expect(store.models()).rejects.toMatchObject(blocked);
    await expect(store.models()).rejects.toMatchObject(blocked);
    old.close();
    await expect.poll(() => store.models().catch(() => null)).toEqual([]);
    // Each further one would be left behind, open.
    expect(open).toHaveBeenCalledOnce();
  });

  it('says that it cannot be reached where the browser refuses it, or has none', async () => {
    const unavailable = { failure: { kind: 'weights-unavailable' } };
    // As Chromium says it where site data are blocked.
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('The user denied permission to access the database.', 'UnknownError');
    });
    await expect(new WeightsStore().models()).rejects.toMatchObject(unavailable);
    vi.stubGlobal('indexedDB', undefined);
    await expect(new WeightsStore().models()).rejects.toMatchObject(unavailable);
  });

  it('opens again when its connection was closed', async () => {
    const store = await storeWithModel();
    await deleteWeights();
    expect(await store.models()).toEqual([]);
    await expect(store.writeChunk(key, 0, new Blob(['x']))).rejects.toMatchObject({
      failure: { kind: 'weights-unavailable' },
    });
  });

  it('finds content of an unknown name by its hash, and shares it', async () => {
    const store = await storeWithModel();
    const copy = {
      ...manifest,
      modelId: 'copy',
      files: [{ path: 'other-name.gguf', bytes: 5, sha256: '1'.repeat(64) }],
    };
    expect((await store.admit(copy, 'downloading', () => '')).fileKeys).toEqual([key]);
    await store.deleteModel('model', () => false);
    expect(await textOf(await store.content(key))).toBe('hello');
    await store.deleteModel('copy', () => false);
    expect(await store.content(key)).toBeUndefined();
    expect(await store.chunkIndices(key)).toEqual([]);
  });

  it('gives no content of a file that is not whole, or whose chunks are not all there', async () => {
    const store = await storeWithModel();
    await store.loseChunk(key, 0);
    expect(await store.content(key)).toBeUndefined();
    await store.finishFile(key, 'sha256', undefined);
    expect(await store.content(key)).toBeUndefined();
  });

  it('gives a file that is only doubted, until a chunk of it is lost', async () => {
    const store = await storeWithModel();
    await store.doubtFile(key);
    expect(await textOf(await store.content(key))).toBe('hello');
    expect(await store.file(key)).toMatchObject({ state: 'whole', verified: 'sha256', doubted: true });
    await store.loseChunk(key, 0);
    expect(await store.file(key)).toMatchObject({ state: 'partial', verified: 'no' });
  });

  it('keeps how far a file has been hashed, and forgets it with any chunk that changes', async () => {
    const store = await storeWithModel();
    const point = { chunks: 1, state: Uint8Array.of(1, 2, 3), at: 5 };
    const keptChunks = async (): Promise<number[]> =>
      ((await store.file(key))?.hashed ?? []).map(({ chunks }) => chunks);
    const changes = [
      () => store.writeChunk(key, 0, new Blob(['other'])),
      () => store.writeChunk(key, 0, new Blob(['oth']), true),
      () => store.loseChunk(key, 0),
      () => store.doubtFile(key),
      () => store.discardFile(key),
      () => store.finishFile(key, 'sha256', undefined),
    ];
    for (const change of changes) {
      await store.keepHash(key, point, 40_000);
      expect(await keptChunks()).toEqual([1]);
      await change();
      expect(await keptChunks()).toEqual([]);
    }
    await store.keepHash(key, point, 40_000);
    await store.writeChunk(key, 1, new Blob(['later']));
    expect(await keptChunks()).toEqual([1]);
  });
});

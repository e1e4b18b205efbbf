/** The database under the weights: upgrades keep what is there, and old tabs are told rather than waited for. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import type { FileContent } from '../../workers/file-content';
import { migrations, openWeightsDatabase } from '../../workers/weights/store/weights-database';
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
    const newer = await openWeightsDatabase({ onBlocked: () => {}, onClosed: () => {} }, [
      ...migrations,
      (database) => database.createObjectStore('more' as 'models'),
    ]);
    expect(newer.version).toBe(migrations.length + 1);
    expect((await newer.get('models', 'model'))?.manifest).toEqual(manifest);
    expect(await newer.get('chunks', [key, 0])).toEqual(new Blob(['hello']));
    await expect(old.models()).rejects.toMatchObject({ failure: { kind: 'storage-outdated' } });
    newer.close();
  });

  it('tells at once when an old tab does not let go', async () => {
    const stubborn = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('sotto-weights', 1);
      opening.onsuccess = (): void => resolve(opening.result);
      opening.onerror = (): void => reject(opening.error ?? new Error('cannot open'));
    });
    let blocked = false;
    const opening = openWeightsDatabase({ onBlocked: () => (blocked = true), onClosed: () => {} }, [
      () => {},
      (database) => database.createObjectStore('more' as 'models'),
    ]);
    await expect.poll(() => blocked).toBe(true);
    stubborn.close();
    (await opening).close();
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

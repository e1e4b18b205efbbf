/** Downloads through the real worker from a hub that speaks like Hugging Face, when all goes well and when a person decides otherwise. */
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { HubControl } from '../fixtures/hub/hub-control';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { hearProgress, WeightsProbe } from '../fixtures/weights-probe';

const hub = inject('hub');
const control = new HubControl(hub.origin);
const MiB = 1024 ** 2;
const chunk = 8 * MiB;
const large = 70 * MiB + 12345;
const repository = 'sotto-tests/download';
let probe: WeightsProbe;

beforeEach(async () => {
  probe = await WeightsProbe.afresh(control);
});
afterEach(() => probe.kill());

/** Two large files, and small ones that the hub keeps in git: as an MLC repository has them. */
const files = [
  { path: 'mlc-chat-config.json', content: { text: '{"tokenizer_files":["tokenizer.json"]}' } },
  { path: 'tensor-cache.json', content: { text: '{"records":[{"dataPath":"params_shard_0.bin"}]}' } },
  // More than a chunk, and still kept in git.
  { path: 'tokenizer.json', content: { bytes: 9 * MiB, seed: 7 } },
  { path: 'params_shard_0.bin', content: { bytes: large, seed: 1 } },
  { path: 'params_shard_1.bin', content: { bytes: 3 * MiB, seed: 2 } },
  { path: 'README.md', content: { text: 'words' } },
];

async function inspected(url = `https://huggingface.co/${repository}`): Promise<WeightsManifest> {
  const inspection = valueOf(await probe.api.inspect({ url }));
  if (inspection.kind !== 'model') throw new Error('expected one model');
  return inspection.manifest;
}

async function addModel(id = repository): Promise<WeightsManifest> {
  await control.addRepository({ id, licence: 'apache-2.0', files });
  return inspected(`https://huggingface.co/${id}`);
}

async function addWhole(id?: string): Promise<WeightsManifest> {
  const manifest = await addModel(id);
  valueOf(await probe.api.download(manifest));
  await probe.reaches(manifest.modelId, 'ready');
  return manifest;
}

async function sentBytes(path: string): Promise<number> {
  const { files: counts } = await control.counts();
  return counts[`${repository}/${path}`]?.bytesWritten ?? 0;
}

async function shaOf(blob: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Until so many bytes are stored or in hand. */
async function until(modelId: string, bytes: number): Promise<void> {
  const heard = hearProgress();
  while ((heard.events.findLast((event) => event.modelId === modelId)?.receivedBytes ?? 0) < bytes)
    await new Promise((resolve) => setTimeout(resolve, 5));
  heard.close();
}

describe('a download', () => {
  it('pins the commit, and ends whole, verified and the same byte for byte', async () => {
    const manifest = await addModel();
    expect(manifest.licence).toBe('apache-2.0');
    expect(manifest.files.map(({ path }) => path).sort()).toEqual(
      files
        .map(({ path }) => path)
        .filter((path) => path !== 'README.md')
        .sort(),
    );
    // What is pushed afterwards must not come between.
    await control.pushCommit(repository, [{ path: 'params_shard_1.bin', content: { bytes: 3 * MiB, seed: 99 } }]);
    const heard = hearProgress();
    valueOf(await probe.api.download(manifest));
    const model = await probe.reaches(manifest.modelId, 'ready');
    heard.close();
    expect(model.hashesCompared).toBe(true);
    expect(model.storedBytes).toBe(model.bytes);
    for (const { path, blob } of valueOf(await probe.api.open(manifest.modelId))) {
      const expected = manifest.files.find((file) => file.path === path);
      expect(blob.size).toBe(expected?.bytes);
      if (expected?.sha256 !== undefined) expect(await shaOf(blob)).toBe(expected.sha256);
      else expect(expected?.gitSha1).toMatch(/^[0-9a-f]{40}$/);
    }
    // Progress only grows, and every byte is fetched once.
    const received = heard.events.map(({ receivedBytes }) => receivedBytes);
    expect(received).toEqual(received.toSorted((a, b) => a - b));
    expect(await sentBytes('params_shard_0.bin')).toBe(large);
  });

  it('keeps every byte at a pause, and goes on from there', async () => {
    await control.set({ bytesPerSecond: 30e6 });
    const manifest = await addModel();
    valueOf(await probe.api.download(manifest));
    await until(manifest.modelId, 25 * MiB);
    valueOf(await probe.api.pause(manifest.modelId));
    let stored = -1;
    // The pause is noted at once; what is in hand is written a moment later.
    for (let again = (await probe.model(manifest.modelId))?.storedBytes ?? 0; again !== stored;) {
      stored = again;
      await new Promise((resolve) => setTimeout(resolve, 300));
      again = (await probe.model(manifest.modelId))?.storedBytes ?? 0;
    }
    expect(stored).toBeGreaterThanOrEqual(25 * MiB);
    expect(stored % chunk).not.toBe(0);
    await control.clearLog();
    await control.set({ bytesPerSecond: null });
    valueOf(await probe.api.resume(manifest.modelId));
    await probe.reaches(manifest.modelId, 'ready');
    const refetched = (await control.log()).reduce(
      (sum, entry) => sum + (entry.status === 206 ? entry.bytesWritten : 0),
      0,
    );
    expect(refetched).toBe(manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) - stored);
  });

  it('goes on by itself when its tab died, in another tab that was waiting', async () => {
    await control.set({ bytesPerSecond: 40e6 });
    const manifest = await addModel();
    const other = await WeightsProbe.at(hub.origin);
    valueOf(await probe.api.download(manifest));
    await until(manifest.modelId, 40 * MiB);
    probe.kill();
    await other.reaches(manifest.modelId, 'ready');
    other.kill();
    // At most a chunk for each open connection is lost, and what the sockets held.
    expect(await sentBytes('params_shard_0.bin')).toBeLessThan(large + 4 * chunk);
  });

  it('is seen, paused and resumed from another tab', async () => {
    await control.set({ bytesPerSecond: 20e6 });
    const manifest = await addModel();
    const other = await WeightsProbe.at(hub.origin);
    valueOf(await probe.api.download(manifest));
    await until(manifest.modelId, 5 * MiB);
    valueOf(await other.api.pause(manifest.modelId));
    expect((await probe.model(manifest.modelId))?.state).toBe('paused');
    // Time for what was asked for before to end, and for what must not happen.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await control.clearLog();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await control.log()).toEqual([]);
    await control.set({ bytesPerSecond: null });
    valueOf(await other.api.resume(manifest.modelId));
    await probe.reaches(manifest.modelId, 'ready');
    other.kill();
  });

  it('that is cancelled leaves nothing behind, and can be brought back until then', async () => {
    await control.set({ bytesPerSecond: 30e6 });
    const manifest = await addModel();
    valueOf(await probe.api.download(manifest));
    await until(manifest.modelId, 20 * MiB);
    valueOf(await probe.api.remove(manifest.modelId));
    expect(valueOf(await probe.api.list())).toEqual([]);
    await control.set({ bytesPerSecond: null });
    valueOf(await probe.api.restore(manifest.modelId));
    await probe.reaches(manifest.modelId, 'ready');
    valueOf(await probe.api.remove(manifest.modelId));
    // After the ten seconds in which it can be brought back.
    await expect.poll(async () => valueOf(await probe.api.space()).weightsBytes, { timeout: 30_000 }).toBe(0);
    expect(failureOf(await probe.api.restore(manifest.modelId)).kind).toBe('weights-incomplete');
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('sotto-weights');
      opening.onsuccess = (): void => resolve(opening.result);
      opening.onerror = (): void => reject(opening.error ?? new Error('cannot open'));
    });
    const left = await Promise.all(
      ['models', 'files', 'chunks'].map(
        (name) =>
          new Promise((resolve) => {
            const counting = database.transaction(name).objectStore(name).count();
            counting.onsuccess = (): void => resolve(counting.result);
          }),
      ),
    );
    database.close();
    expect(left).toEqual([0, 0, 0]);
  });

  it('shares what another model has brought, and deleting one leaves the other whole', async () => {
    const first = await addWhole();
    const second = await addModel('sotto-tests/twin');
    await control.clearLog();
    valueOf(await probe.api.download(second));
    await probe.reaches(second.modelId, 'ready');
    expect((await control.log()).filter(({ range }) => range !== null)).toEqual([]);
    expect(valueOf(await probe.api.space()).weightsBytes).toBe(first.files.reduce((sum, { bytes }) => sum + bytes, 0));
    valueOf(await probe.api.remove(first.modelId));
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    expect(valueOf(await probe.api.open(second.modelId))).toHaveLength(second.files.length);
  });

  it('of a model that is added again after its repository has changed frees what it replaces', async () => {
    const first = await addWhole();
    await control.pushCommit(repository, [{ path: 'params_shard_1.bin', content: { bytes: 2 * MiB, seed: 98 } }]);
    const second = await inspected();
    expect(second.modelId).toBe(first.modelId);
    valueOf(await probe.api.download(second));
    const model = await probe.reaches(second.modelId, 'ready');
    expect(model.manifest).toEqual(second);
    expect(await storedKeys('files')).toHaveLength(second.files.length);
    const shas = second.files.map(({ sha256 }) => sha256).filter((sha) => sha !== undefined);
    for (const sha of shas) expect(await storedKeys('files')).toContain(`sha256:${sha}`);
    const old = first.files.find(({ path }) => path === 'params_shard_1.bin')?.sha256 ?? '';
    expect((await storedKeys('chunks')).some((key) => JSON.stringify(key).includes(old))).toBe(false);
  });

  it('of a model that is being checked leaves another usable that shares its files, until damage is found', async () => {
    const first = await addWhole();
    const second = await addWhole('sotto-tests/twin');
    valueOf(await probe.api.verify(first.modelId));
    // All the while.
    while ((await probe.model(first.modelId))?.state !== 'ready') {
      expect(valueOf(await probe.api.open(second.modelId))).toHaveLength(second.files.length);
      expect(await probe.model(second.modelId)).toMatchObject({ state: 'ready', hashesCompared: true });
    }
    const sha = first.files.find(({ path }) => path === 'params_shard_0.bin')?.sha256 ?? '';
    await overwriteChunk([`sha256:${sha}`, 2], new Blob([new Uint8Array(chunk)]));
    await control.fault({ type: 'silent', at: ['content'] });
    valueOf(await probe.api.verify(first.modelId));
    await expect
      .poll(async () => (await probe.api.open(second.modelId)).ok, { timeout: 10_000, interval: 20 })
      .toBe(false);
    expect(failureOf(await probe.api.open(second.modelId)).kind).toBe('weights-damaged');
    await control.clearFaults();
    await probe.reaches(first.modelId, 'ready');
    expect(valueOf(await probe.api.open(second.modelId))).toHaveLength(second.files.length);
  });

  it('of a model that was being checked when its tab died leaves another usable, and is checked to its end', async () => {
    const first = await addWhole();
    const second = await addWhole('sotto-tests/twin');
    const sha = first.files.find(({ path }) => path === 'params_shard_0.bin')?.sha256 ?? '';
    await overwriteChunk([`sha256:${sha}`, 2], new Blob([new Uint8Array(chunk)]));
    valueOf(await probe.api.verify(first.modelId));
    probe.kill();
    probe = new WeightsProbe();
    await control.clearLog();
    valueOf(await probe.api.configure({ hubUrl: hub.origin }));
    await probe.reaches(first.modelId, 'ready');
    const fetched = (await control.log()).filter(({ range }) => range !== null).map(({ file }) => file);
    expect(fetched.some((file) => file?.endsWith('params_shard_0.bin'))).toBe(true);
    expect(valueOf(await probe.api.open(second.modelId))).toHaveLength(second.files.length);
  });

  it('of a model whose stored bytes were damaged is repaired by fetching that file alone', async () => {
    const manifest = await addModel();
    valueOf(await probe.api.download(manifest));
    await probe.reaches(manifest.modelId, 'ready');
    const sha = manifest.files.find(({ path }) => path === 'params_shard_0.bin')?.sha256 ?? '';
    await overwriteChunk([`sha256:${sha}`, 2], new Blob([new Uint8Array(chunk)]));
    await control.clearLog();
    valueOf(await probe.api.verify(manifest.modelId));
    await probe.reaches(manifest.modelId, 'ready');
    const fetched = (await control.log()).filter(({ range }) => range !== null).map(({ file }) => file);
    expect(new Set(fetched)).toEqual(new Set([`${repository}/params_shard_0.bin`]));
    const [stored] = valueOf(await probe.api.open(manifest.modelId)).filter(
      ({ path }) => path === 'params_shard_0.bin',
    );
    expect(await shaOf(stored?.blob ?? new Blob())).toBe(sha);
  });
});

const openDatabase = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('sotto-weights');
    opening.onsuccess = (): void => resolve(opening.result);
    opening.onerror = (): void => reject(opening.error ?? new Error('cannot open'));
  });

async function storedKeys(table: 'files' | 'chunks'): Promise<IDBValidKey[]> {
  const database = await openDatabase();
  const asked = database.transaction(table).objectStore(table).getAllKeys();
  await new Promise((resolve) => (asked.onsuccess = resolve));
  database.close();
  return asked.result;
}

/** As a failing disk would. */
async function overwriteChunk(key: [string, number], chunkBlob: Blob): Promise<void> {
  const database = await openDatabase();
  const transaction = database.transaction('chunks', 'readwrite');
  transaction.objectStore('chunks').put(chunkBlob, key);
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}

/** Private windows of WebKit store bytes, but no Blobs: models and attached files are kept there all the same. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDatabase } from '../../src/shared/platform/database-connection';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { asBlob } from '../../workers/file-content';
import { weightsDatabase } from '../../workers/weights/store/weights-database';
import { WeightsStore } from '../../workers/weights/store/weights-store';
import { attachment, conversation, question } from '../fixtures/conversations';
import { lockRecord, newKey, openLocked, openTab, rewrite } from '../fixtures/locked-chats';
import { refuseBlobs } from '../fixtures/refuse-blobs';
import { deleteWeights } from '../fixtures/weights-probe';

let browser: ReturnType<typeof refuseBlobs>;
const start = () => (browser = refuseBlobs());
afterEach(() => browser.end());

const MiB = 1024 ** 2;
const bytes = 20 * MiB + 77;
const hash = '1'.repeat(64);
const key = `sha256:${hash}`;
const manifest: WeightsManifest = {
  modelId: 'model',
  name: 'Model',
  format: 'gguf',
  source: { kind: 'hub', repository: 'a/b', commit: '0'.repeat(40) },
  files: [{ path: 'a.gguf', bytes, sha256: hash }],
};

/** Each byte tells where it is. */
const content = new Uint8Array(bytes).map((_, index) => (index * 31 + (index >> 13)) % 256);
const chunk = (index: number): Blob => new Blob([content.subarray(index * 8 * MiB, (index + 1) * 8 * MiB)]);

async function stored(store = new WeightsStore()): Promise<WeightsStore> {
  await store.admit(manifest, 'downloading', () => '');
  for (const index of [0, 1, 2]) await store.writeChunk(key, index, chunk(index));
  await store.finishFile(key, 'sha256', hash);
  return store;
}

async function kindsOfChunks(): Promise<string[]> {
  const chunks = await withDatabase(weightsDatabase, (database) => database.getAll('chunks'));
  return chunks.map(({ constructor }) => constructor.name);
}

describe('the weights store', () => {
  beforeEach(deleteWeights);

  it('keeps bytes, and tries Blobs once', async () => {
    start();
    await stored();
    expect(await kindsOfChunks()).toEqual(['ArrayBuffer', 'ArrayBuffer', 'ArrayBuffer']);
    expect(browser.refused()).toBe(1);
  });

  it('reads any piece of a file, and the whole of it', async () => {
    start();
    const store = await stored();
    const file = await store.content(key);
    expect(file?.size).toBe(bytes);
    for (const [from, to] of [
      [0, 4],
      [8 * MiB - 3, 8 * MiB + 3],
      [5, 17 * MiB],
      [bytes - 5, bytes + 9],
      [7, 7],
    ] as const) {
      const piece = new Uint8Array((await file?.slice(from, to).arrayBuffer()) ?? []);
      expect(piece.length).toBe(Math.min(to, bytes) - from);
      expect(sameBytes(piece, content.subarray(from, to))).toBe(true);
    }
    const nested = file?.slice(8 * MiB, 16 * MiB).slice(10, 20);
    expect([...new Uint8Array((await nested?.arrayBuffer()) ?? [])]).toEqual([
      ...content.subarray(8 * MiB + 10, 8 * MiB + 20),
    ]);
    const blob = file && (await asBlob(file));
    expect(blob).toBeInstanceOf(Blob);
    expect(sameBytes(new Uint8Array((await blob?.arrayBuffer()) ?? []), content)).toBe(true);
  });

  it('reads each chunk once where a file is read in order, and no more of it than is asked for', async () => {
    start();
    const store = await stored();
    const get = IDBObjectStore.prototype.get;
    const read: unknown[] = [];
    IDBObjectStore.prototype.get = function (query) {
      if (this.name === 'chunks') read.push(query);
      return get.call(this, query);
    };
    try {
      const file = await store.content(key);
      read.length = 0;
      for (let at = 0; at < bytes; at += MiB) await file?.slice(at, at + MiB).arrayBuffer();
      expect(read).toEqual([0, 1, 2].map((index) => [key, index]));
    } finally {
      IDBObjectStore.prototype.get = get;
    }
  });

  it('keeps the beginning of a chunk at a pause, and reads both forms side by side', async () => {
    start();
    const store = new WeightsStore();
    await store.admit(manifest, 'downloading', () => '');
    await store.writeChunk(key, 0, chunk(0).slice(0, 1000), true);
    expect(await store.storedBytes(key)).toBe(1000);
    expect((await store.readChunk(key, 0))?.size).toBe(1000);
    // As in a browser that has learned to keep Blobs since.
    browser.end();
    const later = new WeightsStore();
    for (const index of [1, 2]) await later.writeChunk(key, index, chunk(index));
    refuseAgain();
    await store.writeChunk(key, 0, chunk(0));
    await store.finishFile(key, 'sha256', hash);
    expect(await kindsOfChunks()).toEqual(['ArrayBuffer', 'Blob', 'Blob']);
    const file = await store.content(key);
    expect(sameBytes(new Uint8Array((await file?.arrayBuffer()) ?? []), content)).toBe(true);
  });

  it('gives no content of a file of which a chunk is missing, and tells of one that is too short when it is read', async () => {
    start();
    const store = await stored();
    await store.writeChunk(key, 1, chunk(1).slice(0, 5));
    const file = await store.content(key);
    await expect(file?.arrayBuffer()).rejects.toMatchObject({ name: 'NotReadableError' });
    await store.loseChunk(key, 1);
    await store.finishFile(key, 'sha256', undefined);
    expect(await store.content(key)).toBeUndefined();
  });
});

const refuseAgain = (): void => void start();

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => indexedDB.cmp(a, b) === 0;

describe('attached files', () => {
  afterEach(() => deleteDB(chatsDatabaseName));

  const wordsOf = async (store: ReturnType<typeof openTab>): Promise<string[]> => {
    const files = await store.attachments.read(['f']);
    return Promise.all(files.flatMap(({ file, text }) => [file.text(), text.text()]));
  };
  const words = ['words of f', 'words of f'];

  it('are kept and read as what they were', async () => {
    start();
    const store = openTab();
    const file = attachment('f', 'a');
    await store.conversations.write(conversation('a'), [question('q', 'a')], [file]);
    const [read] = await store.attachments.read(['f']);
    expect({ ...read, file: null, text: null }).toEqual({ ...file, file: null, text: null });
    expect(read?.file.type).toBe(file.file.type);
    expect(await wordsOf(store)).toEqual(words);
    await store.attachments.write([attachment('g', 'a')]);
    expect(browser.refused()).toBe(1);
  });

  it('are deleted with their conversation, and come back by undo', async () => {
    start();
    const store = openTab();
    await store.conversations.write(conversation('a'), [question('q', 'a')], [attachment('f', 'a')]);
    const removed = await store.conversations.remove(['a']);
    expect(await store.attachments.read(['f'])).toEqual([]);
    await store.conversations.addMany(removed);
    expect(await wordsOf(store)).toEqual(words);
  });

  it('are sealed and opened with everything else', async () => {
    start();
    const key = await newKey();
    const store = openTab();
    await store.conversations.write(conversation('a'), [question('q', 'a')], [attachment('f', 'a')]);
    await store.lock.unlock(key, 'key');
    await store.lock.change((before) => before ?? lockRecord('sealing'));
    await rewrite(store);
    expect(await wordsOf(store)).toEqual(words);
    await store.lock.change((before) => before && { ...before, phase: 'opening', position: null });
    await rewrite(store);
    expect(await wordsOf(openTab())).toEqual(words);
  });

  it('are written under a lock as they always were', async () => {
    start();
    const store = await openLocked(await newKey());
    await store.conversations.write(conversation('a'), [question('q', 'a')], [attachment('f', 'a')]);
    expect(await wordsOf(store)).toEqual(words);
    expect(browser.refused()).toBe(1);
  });

  it('of a browser that has no space are no reason to try bytes', async () => {
    const end = fullDisk();
    const store = openTab();
    start();
    browser.end();
    await expect(store.attachments.write([attachment('f', 'a')])).rejects.toMatchObject({
      failure: { kind: 'storage-full' },
    });
    expect(end()).toBe(1);
  });
});

/** @returns what ends it, and tells how many writes were tried */
function fullDisk(): () => number {
  const put = IDBObjectStore.prototype.put;
  let tried = 0;
  IDBObjectStore.prototype.put = function () {
    tried += 1;
    throw new DOMException('the disk is full', 'QuotaExceededError');
  };
  return () => {
    IDBObjectStore.prototype.put = put;
    return tried;
  };
}

/** Collections across visits, tabs and the lock. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { openChats } from '../../src/storage/open-chats';
import { StoredCollections } from '../../src/storage/stored-collections';
import { FailureError } from '../../src/shared/protocol/failure';
import { closeCollections, collectionOf, collectionsTab } from '../fixtures/documents/collections-tab';
import { newKey, openLocked, openTab, rewrite, storedText } from '../fixtures/locked-chats';
import { valueOf } from '../fixtures/outcomes';
import { textPdf } from '../fixtures/pdf-bytes';
import { refuseBlobs } from '../fixtures/refuse-blobs';

afterEach(async () => {
  vi.restoreAllMocks();
  closeCollections();
  await deleteDB(chatsDatabaseName);
});

const file = (name: string, content: BlobPart): File => new File([content], name);
const secret = 'the treasure lies under the third oak';
const manyPages = (): File =>
  file(
    'long.pdf',
    textPdf(...Array.from({ length: 400 }, (_, page) => [`Page ${page + 1} tells of the number ${page * 7}.`])),
  );

describe('under the lock', () => {
  it('nothing of a document is in the clear, and all of it is found', async () => {
    const store = await openLocked(await newKey());
    const { collections } = await collectionsTab(store);
    const { id } = await collectionOf(collections, [file('secret-name.txt', `Remember: ${secret}.`)]);
    const stored = await storedText();
    for (const word of ['treasure', 'secret-name', 'Files']) expect(stored).not.toContain(word);
    const [place] = valueOf(await collections.search('where is the treasure', [id], 3)).places;
    expect(place?.text).toContain(secret);
  });

  it('they are sealed when it is turned on, and opened when it is turned off', async () => {
    const { collections } = await collectionsTab(openTab());
    const { id } = await collectionOf(collections, [file('a.txt', secret)]);
    const content = valueOf(await collections.content(collections.documentsOf(id)[0]?.id ?? ''));
    const tab = await openLocked(await newKey(), 'sealing');
    await rewrite(tab);
    expect(await storedText()).not.toContain('a.txt');
    const kept = new StoredCollections(tab.tables);
    expect((await kept.list()).documents).toMatchObject([{ name: 'a.txt', state: 'ready' }]);
    await tab.lock.change((stored) => stored && { ...stored, phase: 'opening', position: null });
    await rewrite(tab);
    const opened = await kept.content(content.id);
    expect(await opened?.file.text()).toBe(secret);
    expect(opened?.passages).toEqual(content.passages);
  });
});

it('a database that refuses Blobs keeps documents all the same', async () => {
  refuseBlobs();
  const { collections } = await collectionsTab(await openChats());
  const { id } = await collectionOf(collections, [file('a.txt', secret)]);
  expect(valueOf(await collections.search('treasure', [id], 3)).places).toHaveLength(1);
});

describe('a visit that ends in the middle', () => {
  it('leaves nothing half done: the next one takes up what waits', async () => {
    const { collections } = await collectionsTab(await openChats());
    const { id } = valueOf(await collections.create('Mine'));
    valueOf(await collections.addFiles(id, [manyPages(), file('b.txt', 'Second.')]));
    await vi.waitUntil(() => collections.progressOf(id)?.documentName === 'long.pdf', { interval: 10 });
    collections.close();
    expect(
      (await new StoredCollections((await openChats()).tables).list()).documents.map(({ state }) => state),
    ).toEqual(expect.arrayContaining(['waiting']));
    const { collections: next } = await collectionsTab(await openChats());
    await next.whenIndexed(id);
    expect(next.documentsOf(id)).toMatchObject([
      { name: 'long.pdf', state: 'ready', pages: 400, passages: 400 },
      { name: 'b.txt', state: 'ready' },
    ]);
    const [place] = valueOf(await next.search('the number 2793', [id], 3)).places;
    expect(place?.page).toBe(400);
  });

  it('and what is taken out of the collection meanwhile is not read on', async () => {
    const { collections } = await collectionsTab(await openChats());
    const { id } = valueOf(await collections.create('Mine'));
    const [long] = valueOf(await collections.addFiles(id, [manyPages(), file('b.txt', 'Second.')]));
    await vi.waitUntil(() => collections.progressOf(id) !== null);
    const undo = valueOf(await collections.removeDocument(long?.id ?? ''));
    await collections.whenIndexed(id);
    expect(collections.documentsOf(id).map(({ name, state }) => [name, state])).toEqual([['b.txt', 'ready']]);
    await undo();
    await collections.whenIndexed(id);
    expect(collections.documentsOf(id).map(({ state }) => state)).toEqual(['ready', 'ready']);
    const bringBack = valueOf(await collections.remove(id));
    expect(collections.list).toEqual([]);
    expect(collections.documentsOf(id)).toEqual([]);
    await bringBack();
    expect(collections.documentsOf(id)).toHaveLength(2);
    expect(valueOf(await collections.search('second', [id], 3)).places).toHaveLength(1);
  });
});

it('a collection that is deleted while files are added leaves none of them behind', async () => {
  const { collections } = await collectionsTab(openTab());
  const other = await collectionsTab(openTab());
  const { id } = valueOf(await collections.create('Mine'));
  await vi.waitUntil(() => other.collections.list.length === 1);
  const write = vi.spyOn(StoredCollections.prototype, 'writeDocument');
  const files = Array.from({ length: 30 }, (_, index) => file(`${index}.txt`, 'Some words.'));
  const adding = collections.addFiles(id, files);
  await vi.waitUntil(() => write.mock.calls.length > 3);
  valueOf(await other.collections.remove(id));
  expect(valueOf(await adding).length).toBeLessThan(30);
  await vi.waitUntil(() => collections.list.length === 0);
  const left = await new StoredCollections(openTab().tables).list();
  expect(left).toEqual({ collections: [], documents: [] });
});

it('files that are there when the space ends are shown and read', async () => {
  const { collections } = await collectionsTab(openTab());
  const { id } = valueOf(await collections.create('Mine'));
  const { writeDocument } = StoredCollections.prototype;
  vi.spyOn(StoredCollections.prototype, 'writeDocument').mockImplementation(function (this: StoredCollections, whole) {
    if (whole.document.name === '2.txt')
      return Promise.reject(new FailureError({ kind: 'storage-full', technical: 'a test' }));
    return writeDocument.call(this, whole);
  });
  const files = Array.from({ length: 4 }, (_, index) => file(`${index}.txt`, 'Some words.'));
  expect(await collections.addFiles(id, files)).toMatchObject({ ok: false, failure: { kind: 'storage-full' } });
  await collections.whenIndexed(id);
  expect(collections.documentsOf(id)).toMatchObject([
    { name: '0.txt', state: 'ready' },
    { name: '1.txt', state: 'ready' },
  ]);
});

describe('two tabs', () => {
  it('pause and go on together', async () => {
    const one = await collectionsTab(openTab());
    const two = await collectionsTab(openTab());
    const { id } = valueOf(await one.collections.create('Mine'));
    await vi.waitUntil(() => two.collections.list.length === 1);
    one.collections.pause();
    await vi.waitUntil(() => two.collections.paused);
    valueOf(await two.collections.addFiles(id, [file('a.txt', 'First words.')]));
    await vi.waitUntil(() => one.collections.documentsOf(id).length === 1);
    expect(one.collections.documentsOf(id)[0]?.state).toBe('waiting');
    two.collections.resume();
    await vi.waitUntil(() => !one.collections.paused);
    await vi.waitUntil(() => one.collections.documentsOf(id)[0]?.state === 'ready');
  });

  it('know where it is read', async () => {
    const one = await collectionsTab(openTab());
    const two = await collectionsTab(openTab());
    const { id } = valueOf(await one.collections.create('Mine'));
    await vi.waitUntil(() => two.collections.list.length === 1);
    valueOf(await one.collections.addFiles(id, [manyPages()]));
    await vi.waitUntil(() => one.collections.progressOf(id) !== null);
    await vi.waitUntil(() => two.collections.elsewhere);
    await two.collections.whenIndexed(id);
    expect(two.collections.elsewhere).toBe(false);
    // Continued before the pause has come through.
    valueOf(await one.collections.addFiles(id, [file('b.txt', 'Second words.')]));
    one.collections.pause();
    one.collections.resume();
    await one.collections.whenIndexed(id);
    expect(one.collections.documentsOf(id).map(({ state }) => state)).toEqual(['ready', 'ready']);
  });

  it('read a document once, and both know it', async () => {
    const one = await collectionsTab(openTab());
    const two = await collectionsTab(openTab());
    const { id } = valueOf(await one.collections.create('Mine'));
    await vi.waitUntil(() => two.collections.list.length === 1);
    const read = vi.spyOn(StoredCollections.prototype, 'changeDocument');
    valueOf(await one.collections.addFiles(id, [file('a.txt', 'First words.'), file('b.txt', 'Second words.')]));
    valueOf(await two.collections.addFiles(id, [file('c.txt', 'Third words.'), file('a.txt', 'First words.')]));
    await Promise.all([one.collections.whenIndexed(id), two.collections.whenIndexed(id)]);
    await vi.waitUntil(() => two.collections.documentsOf(id).every(({ state }) => state === 'ready'));
    for (const { collections } of [one, two])
      expect(
        collections
          .documentsOf(id)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(['a.txt', 'b.txt', 'c.txt']);
    expect(read).toHaveBeenCalledTimes(3);
    expect(valueOf(await two.collections.search('second', [id], 3)).places[0]?.documentName).toBe('b.txt');
    // What one deletes, the other no longer finds.
    valueOf(await one.collections.removeDocument(one.collections.documentsOf(id)[1]?.id ?? ''));
    await vi.waitUntil(() => two.collections.documentsOf(id).length === 2);
    expect(valueOf(await two.collections.search('second', [id], 3)).places).toEqual([]);
  });
});

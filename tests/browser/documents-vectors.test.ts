/** Vectors of documents by the real engine: made in the background, stopped, gone on with, and left out where their model is gone. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StoredCollections } from '../../src/storage/stored-collections';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { openChats } from '../../src/storage/open-chats';
import { closeCollections, collectionOf, collectionsTab } from '../fixtures/documents/collections-tab';
import { guideChoice, guideEmbedder, type GuideEmbedder } from '../fixtures/documents/guide-embedder';
import { valueOf } from '../fixtures/outcomes';

const engines: GuideEmbedder[] = [];

function newEmbedder(): GuideEmbedder {
  const embedder = guideEmbedder();
  engines.push(embedder);
  return embedder;
}

afterEach(async () => {
  closeCollections();
  for (const { engine } of engines.splice(0)) engine.end();
  await deleteDB(chatsDatabaseName);
});

const topics = ['bread', 'ships', 'stars', 'bridges', 'owls', 'glass'];
const small = new File(
  [topics.map((topic) => `# On ${topic}\n\n${`There is much to say of ${topic}. `.repeat(18)}`).join('\n\n')],
  'topics.md',
);
const long = new File(
  [Array.from({ length: 250 }, (_, index) => `Sentence number ${index} tells of the number ${index * 7}.`).join(' ')],
  'long.txt',
);

describe('a collection with a model for vectors', () => {
  it('is found by both, and by its words alone when the model is gone', async () => {
    const embedder = newEmbedder();
    const { collections, told } = await collectionsTab(await openChats(), { models: embedder.models });
    const { id } = await collectionOf(collections, [small]);
    expect(await collections.embedders()).toEqual([guideChoice]);
    valueOf(await collections.setEmbedder(id, guideChoice));
    await collections.whenIndexed(id);
    const [document] = collections.documentsOf(id);
    expect(document?.passages).toBe(topics.length);
    expect(document?.embeddedPassages).toBe(document?.passages);
    const dimensions = collections.list[0]?.embedder?.dimensions ?? 0;
    expect(dimensions).toBeGreaterThan(100);
    const content = valueOf(await collections.content(document?.id ?? ''));
    expect(content.vectors?.size).toBe(dimensions * content.passages.length);
    const found = valueOf(await collections.search('much to say of owls', [id], 5));
    expect(found).toMatchObject({ by: 'words-and-vectors' });
    // The Guide was not made for this: what it finds near need not be.
    expect(found.places.map(({ headings }) => headings)).toContainEqual(['On owls']);
    expect(found.embeddingMs).toBeGreaterThan(0);

    embedder.isHere = false;
    for (const query of ['much to say of owls', 'owls']) {
      const without = valueOf(await collections.search(query, [id], 3));
      expect(without).toMatchObject({ by: 'words', withoutVectors: { kind: 'weights-incomplete', subject: 'Guide' } });
      expect(without.places[0]?.headings).toEqual(['On owls']);
    }
    // Said once, not at every question.
    expect(told).toHaveLength(1);
    expect(collections.withoutVectors(id)?.kind).toBe('weights-incomplete');
  });

  it('never compares vectors of two models', async () => {
    const embedder = newEmbedder();
    const store = await openChats();
    const { collections } = await collectionsTab(store, { models: embedder.models });
    const { id } = await collectionOf(collections, [small]);
    valueOf(await collections.setEmbedder(id, guideChoice));
    await collections.whenIndexed(id);
    embedder.isHere = false;
    valueOf(await collections.setEmbedder(id, { modelId: 'other', name: 'Other' }));
    await collections.whenIndexed(id);
    expect(collections.documentsOf(id)[0]?.embeddedPassages).toBe(0);
    expect(valueOf(await collections.search('owls', [id], 3)).by).toBe('words');
    // Those of the first are still there, and good as soon as it is chosen again.
    embedder.isHere = true;
    const made = vi.spyOn(embedder.engine.client, 'embed');
    valueOf(await collections.setEmbedder(id, guideChoice));
    await collections.whenIndexed(id);
    expect(made).not.toHaveBeenCalled();
    expect(valueOf(await collections.search('owls', [id], 3)).by).toBe('words-and-vectors');
  });

  it('is stopped within a second, keeps what it has, and goes on in the next visit', async () => {
    const embedder = newEmbedder();
    const { collections } = await collectionsTab(await openChats(), { models: embedder.models });
    const { id } = await collectionOf(collections, [long]);
    valueOf(await collections.setEmbedder(id, guideChoice));
    await vi.waitUntil(() => (collections.progressOf(id)?.secondsLeft ?? null) !== null, { timeout: 20_000 });
    expect(collections.progressOf(id)).toMatchObject({ documentName: 'long.txt', step: 'embedding' });
    const pausedAt = performance.now();
    collections.pause();
    expect(collections.progressOf(id)).toBeNull();
    await vi.waitUntil(() => (collections.documentsOf(id)[0]?.embeddedPassages ?? 0) > 0, { timeout: 5000 });
    expect(performance.now() - pausedAt).toBeLessThan(1500);
    const done = collections.documentsOf(id)[0]?.embeddedPassages ?? 0;
    expect(done).toBeLessThan(collections.documentsOf(id)[0]?.passages ?? 0);
    // What there is takes part already.
    expect(valueOf(await collections.search('number 12', [id], 3)).by).toBe('words-and-vectors');
    collections.close();

    const next = await collectionsTab(await openChats(), { models: embedder.models });
    await next.collections.whenIndexed(id);
    expect(next.collections.documentsOf(id)[0]?.embeddedPassages).toBe(next.collections.documentsOf(id)[0]?.passages);
  });

  it('goes on by words where the model does not fit into memory, and says so once', async () => {
    const embedder = newEmbedder();
    const use = vi.spyOn(embedder.engine, 'use').mockResolvedValue({
      ok: false,
      failure: { kind: 'out-of-memory', technical: 'a test' },
    });
    const { collections, told } = await collectionsTab(await openChats(), { models: embedder.models });
    const { id } = await collectionOf(collections, [small]);
    valueOf(await collections.setEmbedder(id, guideChoice));
    await collections.whenIndexed(id);
    expect(use).toHaveBeenCalledTimes(1);
    expect(told.map(({ kind }) => kind)).toEqual(['out-of-memory']);
    expect(valueOf(await collections.search('owls', [id], 3)).by).toBe('words');
    expect(use).toHaveBeenCalledTimes(1);
  });
});

describe('vectors', () => {
  it('of a model that another tab has exchanged meanwhile are not kept as those of the new one', async () => {
    const embedder = newEmbedder();
    const chats = await openChats();
    const store = new StoredCollections(chats.tables);
    const { collections } = await collectionsTab(chats, { models: embedder.models });
    const { id } = await collectionOf(collections, [small]);
    const other = { modelId: 'other', name: 'Other', dimensions: 0 };
    const { embed } = embedder.engine.client;
    vi.spyOn(embedder.engine.client, 'embed').mockImplementation(async (request) => {
      await store.change(id, (stored) => ({ ...stored, embedder: other }));
      return embed.call(embedder.engine.client, request);
    });
    valueOf(await collections.setEmbedder(id, guideChoice));
    await vi.waitUntil(() => collections.list[0]?.embedder?.modelId === 'other', { timeout: 20_000 });
    collections.pause();
    const { documents, collections: stored } = await store.list();
    expect(documents[0]?.embeddedPassages).toBe(0);
    expect(stored[0]?.embedder).toEqual(other);
  });

  it('are no longer made for what was deleted meanwhile', async () => {
    const embedder = newEmbedder();
    const store = await openChats();
    const { collections } = await collectionsTab(store, { models: embedder.models });
    const { id } = await collectionOf(collections, [long]);
    valueOf(await collections.setEmbedder(id, guideChoice));
    await vi.waitUntil(() => collections.progressOf(id) !== null, { timeout: 20_000 });
    const undo = valueOf(await collections.removeDocument(collections.documentsOf(id)[0]?.id ?? ''));
    await collections.whenIndexed(id);
    expect(collections.documentsOf(id)).toEqual([]);
    expect((await new StoredCollections(store.tables).list()).documents).toEqual([]);
    collections.pause();
    await undo();
    expect(collections.documentsOf(id)).toMatchObject([{ name: 'long.txt', state: 'ready' }]);
  });
});

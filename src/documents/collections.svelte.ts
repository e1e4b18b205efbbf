import { SvelteMap } from 'svelte/reactivity';
import type {
  Collection,
  CollectionDocument,
  CollectionId,
  DocumentContent,
  DocumentId,
  Embedder,
  FoundPlaces,
} from '../shared/domain/collection';
import { without } from '../shared/domain/chosen-fields';
import { failureFrom, type Failure, type Result } from '../shared/protocol/failure';
import type { ChangeChannel } from '../storage/change-channel';
import type { StoredCollections, WholeDocument } from '../storage/stored-collections';
import type { ArchivedFile } from '../shared/protocol/documents';
import { DocumentSearch } from './document-search';
import type { CollectionsApi, EmbedderChoice, IndexingProgress } from './documents-api';
import { inWorker } from './documents-worker';
import { DocumentEmbedder } from './embed-document';
import { Embedding, type EmbedderModels } from './embedding';
import type { FileReaders } from './file-readers';
import { Indexer } from './indexer.svelte';
import { indexingTasks } from './indexing-plan';

export interface CollectionsParts {
  readonly store: StoredCollections;
  readonly channel: ChangeChannel;
  readonly readers: FileReaders;
  readonly models: EmbedderModels;
  /** What went wrong in the background. */
  readonly tell: (failure: Failure) => void;
}

/** What tabs tell each other, beside which records have changed: a pause in the one tab is not to let another begin. */
const pausedInAll = 'indexing-paused';
const resumedInAll = 'indexing-resumed';

/** The collections of a person, as all tabs see them, and what is done for them in the background. */
export class Collections implements CollectionsApi {
  #list = $state.raw<readonly Collection[]>([]);
  #documents = $state.raw<readonly CollectionDocument[]>([]);
  #failure = $state.raw<Failure | null>(null);
  /** Models that could make no vectors on this visit. */
  readonly #embedderFailures = new SvelteMap<string, Failure>();
  #loading: Promise<void> = Promise.resolve();
  readonly #embedding: Embedding;
  readonly #indexer: Indexer;
  readonly #search: DocumentSearch;
  readonly #stopListening: () => void;

  constructor(private readonly parts: CollectionsParts) {
    const { store, readers, models, channel, tell } = parts;
    this.#embedding = new Embedding(models);
    this.#indexer = new Indexer({
      store,
      readers,
      embedder: new DocumentEmbedder(store, this.#embedding, (id, embedder) => this.#learnDimensions(id, embedder)),
      tasks: () => indexingTasks(this.#list, this.#documents, ({ modelId }) => !this.#embedderFailures.has(modelId)),
      embeds: (id) => this.#find(id)?.embedder !== undefined,
      refresh: () => this.#read(),
      changed: (document) => this.#changed(document),
      embedderFailed: (embedder, failure) => this.#embedderFailed(embedder, failure),
      failed: tell,
    });
    this.#search = new DocumentSearch({
      store,
      embedding: this.#embedding,
      collections: () => this.#list,
      documents: () => this.#documents,
      embedderFailure: (modelId) => this.#embedderFailures.get(modelId) ?? null,
      embedderFailed: ({ embedder }, failure) => {
        if (embedder) this.#embedderFailed(embedder, failure);
      },
    });
    this.#stopListening = channel.listen((ids) => {
      if (ids.includes(pausedInAll)) this.#indexer.pause();
      else if (ids.includes(resumedInAll)) this.#indexer.resume();
      else void this.load();
    });
  }

  get list(): readonly Collection[] {
    return this.#list;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  get paused(): boolean {
    return this.#indexer.paused;
  }
  get elsewhere(): boolean {
    return this.#indexer.waits;
  }

  async load(): Promise<void> {
    await this.#read();
    this.#indexer.start();
  }

  documentsOf(id: CollectionId): readonly CollectionDocument[] {
    return this.#documents.filter(({ collectionId }) => collectionId === id);
  }

  progressOf(id: CollectionId): IndexingProgress | null {
    return this.#indexer.progressOf(id);
  }

  /** Reactive. Why a collection is searched by words alone although it has a model for vectors; null where it is not. */
  withoutVectors(id: CollectionId): Failure | null {
    return this.#embedderFailures.get(this.#find(id)?.embedder?.modelId ?? '') ?? null;
  }

  async embedders(): Promise<readonly EmbedderChoice[]> {
    const stored = await this.#embedding.list().catch(() => []);
    // One that was missing has been downloaded again.
    for (const { modelId } of stored)
      if (this.#embedderFailures.get(modelId)?.kind === 'weights-incomplete') this.#embedderFailures.delete(modelId);
    this.#indexer.start();
    return stored;
  }

  create(name: string): Promise<Result<Collection>> {
    return this.#attempt(async () => {
      const collection: Collection = { id: crypto.randomUUID(), name: name.trim(), createdAt: Date.now() };
      await this.parts.store.write(collection);
      await this.#announce(collection.id);
      return collection;
    });
  }

  rename(id: CollectionId, name: string): Promise<Result<null>> {
    return this.#change(id, (stored) => ({ ...stored, name: name.trim() }));
  }

  async setEmbedder(id: CollectionId, choice: EmbedderChoice | null): Promise<Result<null>> {
    this.#indexer.drop(({ step, document }) => step === 'embedding' && document.collectionId === id);
    // Somebody wants it: what has failed may go well now.
    if (choice) this.#embedderFailures.delete(choice.modelId);
    const changed = await this.#change(id, (stored) => ({
      ...without(stored, 'embedder'),
      ...(choice && { embedder: { modelId: choice.modelId, name: choice.name, dimensions: 0 } }),
    }));
    if (!changed.ok) return changed;
    return this.#attempt(async () => {
      for (const { id: documentId } of this.documentsOf(id))
        await this.parts.store.changeDocument(documentId, (stored) => ({ ...stored, embeddedPassages: 0 }));
      await this.#announceWork(id);
      return null;
    });
  }

  async remove(id: CollectionId): Promise<Result<() => Promise<void>>> {
    this.#indexer.drop(({ document }) => document.collectionId === id);
    return this.#attempt(async () => {
      const removed = await this.parts.store.remove(id);
      await this.#announce(id);
      return async () => {
        if (!removed) return;
        await this.parts.store.restore(removed);
        await this.#announceWork(id);
      };
    });
  }

  async addFiles(id: CollectionId, files: readonly File[]): Promise<Result<readonly CollectionDocument[]>> {
    return this.#attempt(async () => {
      // Another tab may have added them a moment ago.
      await this.#read();
      const keys = new Set(this.documentsOf(id).map(({ name, bytes }) => `${bytes} ${name}`));
      const added: CollectionDocument[] = [];
      for (const file of files) {
        const key = `${file.size} ${file.name}`;
        if (keys.has(key)) continue;
        keys.add(key);
        const whole = newDocument(id, { name: file.name, mediaType: file.type, file }, Date.now() + added.length);
        // One transaction each: where there is no room for all, those that fit are there.
        if (!(await this.parts.store.writeDocument(whole))) break;
        added.push(whole.document);
      }
      return added;
    }).finally(() => this.#announceWork(id));
  }

  async removeDocument(id: DocumentId): Promise<Result<() => Promise<void>>> {
    this.#indexer.drop(({ document }) => document.id === id);
    return this.#attempt(async () => {
      const removed = await this.parts.store.removeDocument(id);
      await this.#announce(id);
      return async () => {
        if (!removed) return;
        await this.parts.store.writeDocument(removed);
        await this.#announceWork(id);
      };
    });
  }

  async retry(id: DocumentId): Promise<void> {
    const again = await this.#attempt(async () => {
      await this.parts.store.changeDocument(id, (stored) => ({ ...without(stored, 'failure'), state: 'waiting' }));
      await this.#announceWork(id);
    });
    if (!again.ok) this.parts.tell(again.failure);
  }

  pause(): void {
    this.#indexer.pause();
    this.parts.channel.announce(pausedInAll);
  }

  resume(): void {
    this.#embedderFailures.clear();
    this.#indexer.resume();
    this.parts.channel.announce(resumedInAll);
  }

  whenIndexed(id: CollectionId): Promise<void> {
    return this.#indexer.whenDone(id);
  }

  content(id: DocumentId): Promise<Result<DocumentContent>> {
    return this.#attempt(async () => {
      const content = await this.parts.store.content(id);
      if (content) return content;
      throw new Error(`no document ${id}`);
    }, 'record-unreadable');
  }

  search(
    query: string,
    ids: readonly CollectionId[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<Result<FoundPlaces>> {
    return this.#search.search({ query, ids, limit }, signal);
  }

  async exportCollection(id: CollectionId): Promise<Result<Blob>> {
    const files = await this.#attempt(async () => {
      const archived: ArchivedFile[] = [];
      for (const { id: documentId, name, mediaType, addedAt } of this.documentsOf(id)) {
        const content = await this.parts.store.content(documentId);
        if (content) archived.push({ name, mediaType, addedAt, file: content.file });
      }
      return archived;
    });
    if (!files.ok) return files;
    return inWorker((worker) => worker.pack({ name: this.#find(id)?.name ?? '', files: files.value }));
  }

  /** Makes a collection of what `exportCollection` has made, here or elsewhere. `document-unreadable` for any other file. */
  async importCollection(file: Blob): Promise<Result<Collection>> {
    const archived = await inWorker((worker) => worker.unpack(file));
    if (!archived.ok) return archived;
    const { name, files } = archived.value;
    const created = await this.create(name);
    if (!created.ok) return created;
    const { id } = created.value;
    return this.#attempt(async () => {
      for (const { file: content, addedAt, ...of } of files)
        if (!(await this.parts.store.writeDocument(newDocument(id, { ...of, file: content }, addedAt)))) break;
      return created.value;
    }).finally(() => this.#announceWork(id));
  }

  /** Ends the workers; nothing is done in the background any more. */
  close(): void {
    this.#stopListening();
    this.#indexer.pause();
    this.#search.end();
  }

  /** There is more to be done than before. */
  async #announceWork(id: string): Promise<void> {
    await this.#announce(id);
    this.#indexer.start();
  }

  #find(id: CollectionId): Collection | undefined {
    return this.#list.find((collection) => collection.id === id);
  }

  /** Reads the lists, one call after the other: an older answer must not replace a newer one. */
  #read(): Promise<void> {
    this.#loading = this.#loading.then(async () => {
      try {
        const { collections, documents } = await this.parts.store.list();
        this.#list = collections.toSorted((a, b) => a.name.localeCompare(b.name));
        this.#documents = documents.toSorted((a, b) => a.addedAt - b.addedAt);
        this.#failure = null;
      } catch (error) {
        this.#failure = failureFrom(error);
      }
      this.#indexer.looked();
    });
    return this.#loading;
  }

  #changed(document: CollectionDocument): void {
    this.#documents = this.#documents.map((known) => (known.id === document.id ? document : known));
    this.parts.channel.announce(document.id);
  }

  async #announce(id: string): Promise<void> {
    await this.#read();
    this.parts.channel.announce(id);
  }

  async #learnDimensions(id: CollectionId, { modelId, dimensions }: Embedder): Promise<void> {
    await this.#change(id, (stored) =>
      stored.embedder?.modelId === modelId ? { ...stored, embedder: { ...stored.embedder, dimensions } } : stored,
    );
  }

  #embedderFailed({ modelId }: Embedder, failure: Failure): void {
    if (this.#embedderFailures.has(modelId)) return;
    this.#embedderFailures.set(modelId, failure);
    this.parts.tell(failure);
  }

  #change(id: CollectionId, change: (stored: Collection) => Collection): Promise<Result<null>> {
    return this.#attempt(async () => {
      await this.parts.store.change(id, change);
      await this.#announce(id);
      return null;
    });
  }

  async #attempt<T>(work: () => Promise<T>, kind?: Failure['kind']): Promise<Result<T>> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      return { ok: false, failure: failureFrom(error, kind) };
    }
  }
}

function newDocument(
  collectionId: CollectionId,
  { name, mediaType, file }: Omit<ArchivedFile, 'addedAt'>,
  addedAt: number,
): WholeDocument {
  const id = crypto.randomUUID();
  return {
    document: {
      id,
      collectionId,
      name,
      mediaType,
      bytes: file.size,
      addedAt,
      state: 'waiting',
      passages: 0,
      characters: 0,
      embeddedPassages: 0,
    },
    // Without its name, which stands in the document.
    content: { id, collectionId, file: file.slice(0, file.size, mediaType), text: new Blob([]), passages: [] },
  };
}

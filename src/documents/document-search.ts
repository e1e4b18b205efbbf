/** The page's side of the search of documents: it gives the worker what it asks for, and keeps that up to date. */
import type {
  Collection,
  CollectionDocument,
  CollectionId,
  DocumentId,
  FoundPlaces,
} from '../shared/domain/collection';
import { failed, failureFrom, type Failure, type Result } from '../shared/protocol/failure';
import type { QuestionVector, SearchableDocument } from '../shared/protocol/documents';
import { unlessAborted } from '../shared/platform/unless-aborted';
import type { StoredCollections } from '../storage/stored-collections';
import { documentsWorker } from './documents-worker';
import type { Embedding } from './embedding';

interface SearchParts {
  readonly store: StoredCollections;
  readonly embedding: Embedding;
  readonly collections: () => readonly Collection[];
  readonly documents: () => readonly CollectionDocument[];
  /** Why a model makes no vectors on this visit; null while it may. */
  readonly embedderFailure: (modelId: string) => Failure | null;
  readonly embedderFailed: (collection: Collection, failure: Failure) => void;
}

interface Question {
  readonly query: string;
  readonly ids: readonly CollectionId[];
  readonly limit: number;
}

const cancelled = failed('cancelled', 'the search was stopped');

export class DocumentSearch {
  readonly #worker = documentsWorker('document-search');
  /** What the worker knows, and in which state. */
  readonly #known = new Map<DocumentId, string>();
  #feeding: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: SearchParts) {}

  /** Never rejects. Ended by the signal with `cancelled`, at once. */
  search(question: Question, signal?: AbortSignal): Promise<Result<FoundPlaces>> {
    return unlessAborted(this.#find(question, signal), signal, cancelled);
  }

  async #find({ query, ids, limit }: Question, signal: AbortSignal | undefined): Promise<Result<FoundPlaces>> {
    const startedAt = performance.now();
    try {
      // One after the other: two questions that come together must not give the worker everything twice.
      const feeding = this.#feeding.then(() => this.#feed(ids, signal));
      this.#feeding = feeding.catch(() => undefined);
      const vectors = this.#vectors(query, ids, signal);
      await feeding;
      const { found, failure, milliseconds } = await vectors;
      if (signal?.aborted) return cancelled;
      const { places, byVectors, isFar } = await this.#worker
        .start()
        .search({ query, collectionIds: ids, limit, vectors: found });
      if (signal?.aborted) return cancelled;
      return {
        ok: true,
        value: {
          places,
          by: byVectors ? 'words-and-vectors' : 'words',
          ...(failure && { withoutVectors: failure }),
          isFar,
          milliseconds: performance.now() - startedAt,
          ...(found.length > 0 && { embeddingMs: milliseconds }),
        },
      };
    } catch (error) {
      // A new worker knows nothing.
      if (!this.#worker.running) this.#known.clear();
      return { ok: false, failure: signal?.aborted ? cancelled.failure : failureFrom(error) };
    }
  }

  end(): void {
    this.#worker.end();
    this.#known.clear();
  }

  /** Tells the worker of what has changed among the documents of these collections since it was asked the last time. */
  async #feed(ids: readonly CollectionId[], signal: AbortSignal | undefined): Promise<void> {
    if (!this.#worker.running) this.#known.clear();
    const worker = this.#worker.start();
    const documents = this.parts.documents();
    const here = new Set(documents.map(({ id }) => id));
    const gone = [...this.#known.keys()].filter((id) => !here.has(id));
    if (gone.length > 0) await worker.remove(gone);
    for (const id of gone) this.#known.delete(id);
    for (const document of documents) {
      if (signal?.aborted) return;
      if (!ids.includes(document.collectionId)) continue;
      const collection = this.parts.collections().find(({ id }) => id === document.collectionId);
      const state = stateOf(document, collection);
      if (this.#known.get(document.id) === state) continue;
      const searchable = document.state === 'ready' ? await this.#searchable(document, collection) : null;
      if (searchable) await worker.put([searchable]);
      else if (this.#known.has(document.id)) await worker.remove([document.id]);
      this.#known.set(document.id, state);
    }
  }

  async #searchable(
    { id, collectionId, name }: CollectionDocument,
    collection: Collection | undefined,
  ): Promise<SearchableDocument | null> {
    const content = await this.parts.store.content(id);
    if (!content) return null;
    const { text, passages, vectors, embedder } = content;
    // Those of another model cannot be compared with a question that this one has read.
    const isOurs = embedder !== undefined && embedder.modelId === collection?.embedder?.modelId;
    return {
      id,
      collectionId,
      name,
      text,
      passages,
      ...(isOurs &&
        vectors && { vectors: { modelId: embedder.modelId, dimensions: embedder.dimensions, bytes: vectors } }),
    };
  }

  /** The question as a vector, for each model that has made vectors of these collections. */
  async #vectors(
    query: string,
    ids: readonly CollectionId[],
    signal: AbortSignal | undefined,
  ): Promise<{ readonly found: readonly QuestionVector[]; readonly failure?: Failure; readonly milliseconds: number }> {
    const startedAt = performance.now();
    const found: QuestionVector[] = [];
    let failure: Failure | undefined;
    const done = new Set<string>();
    for (const collection of this.parts.collections().filter(({ id }) => ids.includes(id))) {
      const { embedder } = collection;
      if (!embedder || done.has(embedder.modelId)) continue;
      done.add(embedder.modelId);
      const known = this.parts.embedderFailure(embedder.modelId);
      if (known) {
        failure ??= known;
        continue;
      }
      // Without any vectors there is nothing to compare it with.
      const isOfUse = this.parts
        .documents()
        .some(({ collectionId, embeddedPassages }) => ids.includes(collectionId) && embeddedPassages > 0);
      if (!isOfUse) continue;
      const made = await this.parts.embedding.embed(embedder, 'question', [query], signal);
      const vector = made.ok ? made.value[0] : undefined;
      if (vector) found.push({ modelId: embedder.modelId, vector });
      else if (!made.ok && made.failure.kind !== 'cancelled') {
        failure ??= made.failure;
        this.parts.embedderFailed(collection, made.failure);
      }
    }
    return { found, ...(failure && { failure }), milliseconds: performance.now() - startedAt };
  }
}

/** Another one of these, and the worker must be given the document again. */
const stateOf = (document: CollectionDocument, collection: Collection | undefined): string =>
  [
    document.state,
    document.name,
    document.passages,
    document.characters,
    document.embeddedPassages,
    collection?.embedder?.modelId ?? '',
  ].join('\n');

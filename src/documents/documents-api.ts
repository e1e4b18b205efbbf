/** What the screens and the chat need of collections. Types only; `collections.svelte.ts` keeps to it. */
import type {
  Collection,
  CollectionDocument,
  CollectionId,
  DocumentContent,
  DocumentId,
  FoundPlaces,
} from '../shared/domain/collection';
import type { Failure, Result } from '../shared/protocol/failure';

/** How far the indexing of a collection is. */
export interface IndexingProgress {
  /** The document that is being read or embedded now. */
  readonly documentName: string;
  readonly step: 'reading' | 'embedding';
  /** Of all that is left to do in this collection, 0 to 1. */
  readonly fraction: number;
  readonly secondsLeft: number | null;
}

/** An embedding model that is stored here and could index. */
export interface EmbedderChoice {
  readonly modelId: string;
  readonly name: string;
}

export interface CollectionsApi {
  /** Read again from the store; the lists below follow. Never rejects. */
  load(): Promise<void>;
  /** Reactive. By name. */
  readonly list: readonly Collection[];
  /** Reactive. Why the list could not be read. */
  readonly failure: Failure | null;
  /** Reactive. In the order in which they were added. */
  documentsOf(id: CollectionId): readonly CollectionDocument[];
  /** Reactive. Null while nothing is being done for it. */
  progressOf(id: CollectionId): IndexingProgress | null;
  /** Reactive. Indexing waits until `resume`; kept in the store of this visit only. */
  readonly paused: boolean;
  /** Reactive. Another tab is at it. */
  readonly elsewhere: boolean;
  /** Embedding models among the stored ones. */
  embedders(): Promise<readonly EmbedderChoice[]>;
  create(name: string): Promise<Result<Collection>>;
  rename(id: CollectionId, name: string): Promise<Result<null>>;
  /** Exchanging it makes all vectors anew, in the background; null for words alone. */
  setEmbedder(id: CollectionId, embedder: EmbedderChoice | null): Promise<Result<null>>;
  /** With all documents. @returns what brings it back */
  remove(id: CollectionId): Promise<Result<() => Promise<void>>>;
  /** Indexing begins by itself, in the background. A file with the name and size of one that is there is taken once. */
  addFiles(id: CollectionId, files: readonly File[]): Promise<Result<readonly CollectionDocument[]>>;
  /** @returns what brings it back */
  removeDocument(id: DocumentId): Promise<Result<() => Promise<void>>>;
  /** Reads a failed document once more. */
  retry(id: DocumentId): Promise<void>;
  /** In all tabs; what is being done is kept as far as it is. */
  pause(): void;
  resume(): void;
  /** Settles when nothing is left to index in it. For tests, and for a question that is asked right after adding. */
  whenIndexed(id: CollectionId): Promise<void>;
  content(id: DocumentId): Promise<Result<DocumentContent>>;
  search(
    query: string,
    ids: readonly CollectionId[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<Result<FoundPlaces>>;
  /** One ZIP: the files as they are, and `sotto-collection.json`. */
  exportCollection(id: CollectionId): Promise<Result<Blob>>;
  /** A new collection from such a ZIP. `document-unreadable` for any other file. */
  importCollection(file: Blob): Promise<Result<Collection>>;
  /** Reactive. Why a collection that has an embedder is searched by its words alone; null where it is not. */
  withoutVectors(id: CollectionId): Failure | null;
}

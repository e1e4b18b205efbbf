/** What page and documents worker say to each other. Types only. */
import type { CollectionId, DocumentId, FoundPlace, Passage } from '../domain/collection';
import type { TextEncoding } from '../domain/text-encoding';
import type { Result } from './failure';

/** A file to be read. */
export interface FileToRead {
  readonly file: Blob;
  /** Its ending tells what the first bytes leave open. */
  readonly name: string;
  /** Of a text that names its encoding by nothing, as found elsewhere; such a text is an `attachment-encoding` otherwise. */
  readonly encoding?: TextEncoding;
}

/** The text of a file, and how it is cut. */
export interface ReadDocument {
  /** UTF-8, as it is stored. */
  readonly text: Blob;
  readonly characters: number;
  readonly passages: readonly Passage[];
  /** Pages or chapters; absent for what has none. */
  readonly pages?: number;
}

/** A document that can be found from now on. */
export interface SearchableDocument {
  readonly id: DocumentId;
  readonly collectionId: CollectionId;
  readonly name: string;
  readonly text: Blob;
  readonly passages: readonly Passage[];
  /** Of the first passages, or of all: see `DocumentContent`. */
  readonly vectors?: VectorsOf;
}

export interface VectorsOf {
  readonly modelId: string;
  readonly dimensions: number;
  readonly bytes: Blob;
}

/** A question as a vector of length 1, for the documents whose vectors the same model has made. */
export interface QuestionVector {
  readonly modelId: string;
  readonly vector: Float32Array;
}

export interface PlacesQuery {
  readonly query: string;
  readonly collectionIds: readonly CollectionId[];
  readonly limit: number;
  readonly vectors: readonly QuestionVector[];
}

export interface RankedPlaces {
  /** Best first. */
  readonly places: readonly FoundPlace[];
  /** Whether vectors took part. */
  readonly byVectors: boolean;
  /** Nothing comes near the question. */
  readonly isFar: boolean;
}

/** A file of a collection in an archive. */
export interface ArchivedFile {
  readonly name: string;
  readonly mediaType: string;
  /** ms since the epoch */
  readonly addedAt: number;
  readonly file: Blob;
}

/** A collection as it leaves for other devices: its files as they are. */
export interface ArchivedCollection {
  readonly name: string;
  readonly files: readonly ArchivedFile[];
}

/** The calls the documents worker answers. */
export interface DocumentsApi {
  /** Never rejects. `pages` are the texts of its pages, where the file is a PDF that the PDF worker has read. */
  read(file: FileToRead, pages?: readonly string[]): Promise<Result<ReadDocument>>;
  /** Adds documents to the index, each in the place of an older state of it. */
  put(documents: readonly SearchableDocument[]): Promise<void>;
  /** Takes documents out of the index. */
  remove(ids: readonly DocumentId[]): Promise<void>;
  search(query: PlacesQuery): Promise<RankedPlaces>;
  /** One ZIP. `document-too-large` where it would be of more than 4 GB. */
  pack(collection: ArchivedCollection): Promise<Result<Blob>>;
  /** What `pack` has made. `document-unreadable` for anything else. */
  unpack(file: Blob): Promise<Result<ArchivedCollection>>;
}

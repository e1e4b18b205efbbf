/** Files of a person's own that answers may draw on. Stored: no name of a field can change. Types only. */
import type { Failure } from '../protocol/failure';

export type CollectionId = string;
export type DocumentId = string;

/** A set of files that is searched together. */
export interface Collection {
  readonly id: CollectionId;
  readonly name: string;
  /** ms since the epoch */
  readonly createdAt: number;
  /** Whose vectors its documents are to have; words alone when absent. */
  readonly embedder?: Embedder;
}

/** The model that made vectors. Those of two models, or of two lengths, cannot be compared. */
export interface Embedder {
  readonly modelId: string;
  readonly name: string;
  readonly dimensions: number;
}

/** A file of a collection, without its contents: a list of them stays small to read. */
export interface CollectionDocument {
  readonly id: DocumentId;
  readonly collectionId: CollectionId;
  readonly name: string;
  readonly mediaType: string;
  /** Of the file itself. */
  readonly bytes: number;
  /** ms since the epoch */
  readonly addedAt: number;
  readonly state:
    /** Its text has not been taken from it yet, or not wholly. */
    | 'waiting'
    /** Its words are found; vectors may still be missing (`embeddedPassages`). */
    | 'ready'
    | 'failed';
  readonly failure?: Failure;
  /** Of a PDF, or chapters of a book; absent for what has none. */
  readonly pages?: number;
  readonly passages: number;
  /** Characters of its text. */
  readonly characters: number;
  /** Passages that have vectors of the collection's embedder. */
  readonly embeddedPassages: number;
}

/** A part of a document of about 400 tokens, cut along headings and sentences; neighbors overlap. Offsets are UTF-16 units of its text. */
export interface Passage {
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly page?: number;
  /** The headings that it stands under, the outermost first. */
  readonly headings?: readonly string[];
}

/** The contents of a document, in a store of its own. */
export interface DocumentContent {
  /** Of its `CollectionDocument`. */
  readonly id: DocumentId;
  readonly collectionId: CollectionId;
  readonly file: Blob;
  /** All its text, UTF-8; empty until it has been read. */
  readonly text: Blob;
  readonly passages: readonly Passage[];
  /** One after the other: for each passage `dimensions` signed bytes of a vector of length 1, each value times 127. */
  readonly vectors?: Blob;
  readonly embedder?: Embedder;
}

/** A passage that a question found, as it stands at the answer: it tells where, also when the document is gone. */
export interface FoundPlace {
  readonly collectionId: CollectionId;
  readonly documentId: DocumentId;
  readonly documentName: string;
  readonly start: number;
  readonly end: number;
  readonly page?: number;
  readonly headings?: readonly string[];
  /** The passage itself. */
  readonly text: string;
  /** Where in `text` words of the question stand. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** What a search for a question found. */
export interface FoundPlaces {
  /** Best first. */
  readonly places: readonly FoundPlace[];
  /** By which it was searched: `words` where there are no vectors, or their model cannot be used (`withoutVectors` says why). */
  readonly by: 'words' | 'words-and-vectors';
  readonly withoutVectors?: Failure;
  /** Nothing in the files comes near the question; `places` are the nearest all the same. */
  readonly isFar: boolean;
  /** From the question to the places, in ms, and of it, making the question's vector. */
  readonly milliseconds: number;
  readonly embeddingMs?: number;
}

/** How the places of an answer were found. Stays with the answer. */
export interface PlaceSearch {
  readonly by: FoundPlaces['by'];
  readonly withoutVectors?: Failure;
  /** Nothing came near the question, which the prompt says; the places are the nearest all the same, and where the files begin. */
  readonly isFar?: true;
  /** The model answers from nothing but what it was trained on: the places were shown to the person alone. */
  readonly unread?: true;
  /** Files whose text had not been taken from them yet. */
  readonly missingFiles?: number;
  /** Of the passages in the prompt, with what stands around them. */
  readonly tokens: number;
  /** The engine counted `tokens`; guessed otherwise. */
  readonly counted?: true;
  /** From the question to the places, in ms. */
  readonly milliseconds: number;
  /** Why it was answered without a search. The other fields say nothing then. */
  readonly failure?: Failure;
}

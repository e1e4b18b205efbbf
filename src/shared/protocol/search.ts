/** What page and search worker say to each other. Types only. The index lives in the worker's memory and nowhere else. */
import type { ConversationId, MessageId } from '../domain/conversation';

/** Text in which what was looked for is marked. Data, never HTML. */
export type MarkedText = readonly MarkedPiece[];

export interface MarkedPiece {
  readonly text: string;
  readonly marked: boolean;
}

export interface SearchHit {
  readonly conversationId: ConversationId;
  readonly title: MarkedText;
  /** Where most of the words are; null where only the title has them. */
  readonly place: HitPlace | null;
}

export interface HitPlace {
  readonly messageId: MessageId;
  /** Words around the first that was found. */
  readonly snippet: MarkedText;
  /** The attached file in which it stands; null for the words of the message itself. */
  readonly fileName: string | null;
}

/** The words of a message, or of a file that goes with it. */
export interface SearchText {
  readonly messageId: MessageId;
  readonly text: string;
  readonly fileName: string | null;
}

/** What a conversation consists of, for the search. */
export interface SearchDocument {
  readonly id: ConversationId;
  readonly title: string;
  /** ms since the epoch; of two equal hits the newer one comes first. */
  readonly updatedAt: number;
  /** Those of the shown branch first. */
  readonly messages: readonly SearchText[];
  readonly files: readonly SearchText[];
}

export interface FoundChats {
  readonly hits: readonly SearchHit[];
  /** How many were found, listed or not. */
  readonly total: number;
}

/** While the index is being built; `read` of `total` conversations can be found. */
export interface SearchProgress {
  readonly read: number;
  readonly total: number;
}

/** The calls the search worker answers; how far it is, it tells as `SearchProgress` events. */
export interface SearchApi {
  /**
   * Reads the conversations from the database, and again what the conversation channel names. Called once; resolves when all
   * that there is can be found, and rejects where the database cannot be read.
   */
  readDatabase(): Promise<void>;
  /** Opens what is sealed. Called before the chats are to be read, and again when the lock is turned on. */
  useKey(key: CryptoKey): Promise<void>;
  /** Where there is no database: the page tells what there is, and what is no longer there. */
  feed(documents: readonly SearchDocument[], gone: readonly ConversationId[]): Promise<void>;
  /** Null where a newer search has taken the place of this one before it was its turn. */
  search(query: string, limit: number): Promise<FoundChats | null>;
}

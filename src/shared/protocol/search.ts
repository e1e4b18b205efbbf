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

export type SearchRequest =
  /** Reads the conversations from the database, and again what the conversation channel names. Sent once. */
  | { readonly type: 'read-database' }
  /** Opens what is sealed. Sent before the chats are to be read, and again when the lock is turned on. */
  | { readonly type: 'use-key'; readonly key: CryptoKey }
  /** Where there is no database: the page tells what there is, and what is no longer there. */
  | { readonly type: 'feed'; readonly documents: readonly SearchDocument[]; readonly gone: readonly ConversationId[] }
  /** A newer search takes the place of one that has not been answered. */
  | { readonly type: 'search'; readonly id: number; readonly query: string; readonly limit: number };

export type SearchReply =
  /** While the index is being built; `read` of `total` conversations can be found. */
  | { readonly type: 'progress'; readonly read: number; readonly total: number }
  | { readonly type: 'ready' }
  | { readonly type: 'found'; readonly id: number; readonly hits: readonly SearchHit[]; readonly total: number }
  /** The database cannot be read. */
  | { readonly type: 'failed'; readonly technical: string };

import type { Attachment } from '../shared/domain/attachment';
import type { Conversation, ConversationId, Message, MessageId } from '../shared/domain/conversation';
import type { Draft } from '../shared/domain/draft';

/** A conversation with all its messages. */
export interface ConversationRecord {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
}

/** All there is of a conversation, as it is deleted, restored, exported and imported. */
export interface WholeConversation extends ConversationRecord {
  readonly attachments: readonly Attachment[];
  readonly draft: Draft | null;
}

/** Fields of a conversation as they are to be; undefined takes one away. */
export type ConversationChanges = { readonly [Name in keyof Conversation]?: Conversation[Name] | undefined };

/** What is to become of a conversation that has just been read. Everything is optional; what is not named stays. */
export interface Rework {
  readonly fields?: Partial<Conversation>;
  readonly put?: readonly Message[];
  readonly attachments?: readonly Attachment[];
  /** Messages to delete, and with them the attachments that no other message has. */
  readonly drop?: readonly MessageId[];
}

export interface Reworked {
  readonly conversation: Conversation;
  readonly dropped: { readonly messages: readonly Message[]; readonly attachments: readonly Attachment[] };
}

export interface AddedCounts {
  readonly conversations: number;
  readonly messages: number;
}

/** A conversation somewhere else, by the ids of what it consists of. */
export interface ConversationIds {
  readonly id: ConversationId;
  readonly messageIds: readonly MessageId[];
}

/**
 * Where conversations are kept. All methods reject with a `FailureError` whose kind is one of `storage-full`,
 * `storage-unavailable`, `storage-outdated` and `storage-blocked`; a resolved write is on disk (or in memory, for the memory
 * repository).
 */
export interface ConversationRepository {
  /** False where everything is gone when the page is closed. */
  readonly persistent: boolean;
  /** All, newest first. */
  list(): Promise<readonly Conversation[]>;
  /** What stands at the top of a list: all that are pinned, and the newest `count` that are neither pinned nor archived. */
  front(count: number): Promise<readonly Conversation[]>;
  /** Those of these that are here. */
  headers(ids: readonly ConversationId[]): Promise<readonly Conversation[]>;
  /** Null when there is no such conversation. */
  read(id: ConversationId): Promise<ConversationRecord | null>;
  /** Those of these that are here, whole, in the order of the ids. A few at a time: all of them are in memory then. */
  readWhole(ids: readonly ConversationId[]): Promise<readonly WholeConversation[]>;
  /** Writes the conversation and these parts in one transaction, replacing older versions of the same ids. */
  write(conversation: Conversation, messages: readonly Message[], attachments?: readonly Attachment[]): Promise<void>;
  /** Writes one message of a conversation that must still exist; a deleted conversation is not brought back. */
  writeMessage(message: Message): Promise<void>;
  /**
   * Changes fields of a conversation as it is stored now, and writes messages with it, in one transaction: what another tab or
   * another part of the page has changed meanwhile is not undone.
   * @param change called with the stored conversation; null leaves all as it is
   * @returns the conversation as it is stored afterwards; null when it is not here or was left as it is
   */
  patch(
    id: ConversationId,
    change: (stored: Conversation) => ConversationChanges | null,
    messages?: readonly Message[],
    attachments?: readonly Attachment[],
  ): Promise<Conversation | null>;
  /** Like `patch`, for changes that depend on the messages. `make` is called inside the transaction and must not wait. */
  rework(id: ConversationId, make: (stored: ConversationRecord) => Rework | null): Promise<Reworked | null>;
  /** Deletes and returns what was there, with the drafts, for undo. One transaction: all of them or none. */
  remove(ids: readonly ConversationId[]): Promise<readonly WholeConversation[]>;
  /**
   * Adds what is not here yet and overwrites nothing: to a conversation that is here, the messages that it lacks are added, and
   * shown where they go on with what is shown. In several transactions, each of whole conversations.
   */
  addMany(records: readonly WholeConversation[]): Promise<AddedCounts>;
  /** How many messages of each are not here; null for a conversation that is not here at all. */
  missing(conversations: readonly ConversationIds[]): Promise<readonly (number | null)[]>;
}

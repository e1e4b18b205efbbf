import type { Conversation, ConversationId, Message } from '../contracts/conversation';

/** A conversation with all its messages, as it is deleted, restored, exported and imported. */
export interface ConversationRecord {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
}

/**
 * Where conversations are kept. All methods reject with a `FailureError` whose kind is one of `storage-full`,
 * `storage-unavailable` and `storage-blocked`; a resolved write is on disk (or in memory, for the memory repository).
 */
export interface ConversationRepository {
  /** False where everything is gone when the page is closed. */
  readonly persistent: boolean;
  /** Newest first; only so many where a limit is given. */
  list(limit?: number): Promise<readonly Conversation[]>;
  /** Null when there is no such conversation. */
  read(id: ConversationId): Promise<ConversationRecord | null>;
  /** Writes the conversation and these messages in one transaction, replacing older versions of the same ids. */
  write(conversation: Conversation, messages: readonly Message[]): Promise<void>;
  /** Writes one message of a conversation that must still exist; a deleted conversation is not brought back. */
  writeMessage(message: Message): Promise<void>;
  /** Deletes and returns what was there, for undo. Null when there was nothing. */
  remove(id: ConversationId): Promise<ConversationRecord | null>;
}

import type { ConversationId } from '../shared/domain/conversation';
import type { Failure } from '../shared/protocol/failure';
import type { ChatsStore } from '../storage/chats-store';
import type { ConversationChannel } from '../storage/conversation-channel';
import type { WholeConversation } from '../storage/conversation-repository';

export interface LibraryParts {
  readonly store: ChatsStore;
  readonly channel: ConversationChannel;
  /** Called before a conversation is deleted: an answer that is being written to it must end, and what is typed be stored. */
  readonly removing: (id: ConversationId) => Promise<void>;
  /** Called when deleted conversations can still be brought back. */
  readonly removed: (records: readonly WholeConversation[], undo: () => void) => void;
  /** Called when conversations were put into the archive, from which they can be taken back. */
  readonly archived: (count: number, undo: () => void) => void;
  /** Called when an import has written to conversations that may be open. */
  readonly imported: (ids: readonly ConversationId[]) => void;
  /** Stores what is typed or being written. */
  readonly settle?: () => Promise<void>;
  readonly failed: (failure: Failure) => void;
}

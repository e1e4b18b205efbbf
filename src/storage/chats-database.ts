import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Conversation, ConversationId, Message, MessageId } from '../contracts/conversation';

export interface ChatsSchema extends DBSchema {
  conversations: { key: ConversationId; value: Conversation; indexes: { updatedAt: number } };
  messages: { key: MessageId; value: Message; indexes: { conversationId: ConversationId } };
}

export type ChatsDatabase = IDBPDatabase<ChatsSchema>;

export const chatsDatabaseName = 'sotto-chats';
const version = 1;

interface ChatsDatabaseEvents {
  /** An older tab keeps the database open in an older version. */
  readonly onBlocked: () => void;
  /** The browser closed the connection (storage cleared, disk trouble): the next call must open again. */
  readonly onTerminated: () => void;
}

/**
 * Opens the chats database.
 * @throws DOMException where the browser refuses storage (private mode, policy, a broken profile)
 */
export function openChatsDatabase({ onBlocked, onTerminated }: ChatsDatabaseEvents): Promise<ChatsDatabase> {
  return openDB<ChatsSchema>(chatsDatabaseName, version, {
    upgrade(database) {
      database.createObjectStore('conversations', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt');
      database.createObjectStore('messages', { keyPath: 'id' }).createIndex('conversationId', 'conversationId');
    },
    blocked: onBlocked,
    // A newer tab wants to upgrade, or "Delete everything" runs: let go, else it waits for ever.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    terminated: onTerminated,
  });
}

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import type { Attachment, AttachmentId } from '../shared/domain/attachment';
import { chatsDatabaseName } from '../shared/platform/chats-database';
import type { Conversation, ConversationId, Message, MessageId } from '../shared/domain/conversation';
import type { Draft } from '../shared/domain/draft';
import type { LockRecord } from '../shared/domain/lock';
import type { Persona, PersonaId } from '../shared/domain/persona';
import type { KeptRecord, SettingRecord } from './records';

export { chatsDatabaseName };

/** As it lies in the database: with what IndexedDB needs for its indices, which cannot hold a boolean. */
export type StoredConversation = Conversation & { readonly pinnedKey?: 1 };

export interface ChatsSchema extends DBSchema {
  conversations: {
    key: ConversationId;
    value: StoredConversation;
    indexes: { updatedAt: number; pinnedKey: number };
  };
  messages: { key: MessageId; value: Message; indexes: { conversationId: ConversationId } };
  attachments: { key: AttachmentId; value: Attachment; indexes: { conversationId: ConversationId } };
  drafts: { key: string; value: Draft };
  personas: { key: PersonaId; value: Persona };
  settings: { key: string; value: SettingRecord };
  keptRecords: { key: string; value: KeptRecord };
  lock: { key: string; value: LockRecord };
}

export type ChatsDatabase = IDBPDatabase<ChatsSchema>;

type Upgrade = IDBPTransaction<ChatsSchema, StoreNames<ChatsSchema>[], 'versionchange'>;
export type Migration = (database: ChatsDatabase, transaction: Upgrade) => void;

/** Entry n takes the database from version n to n + 1. Never changed once released: append. Records are left as they are. */
export const migrations: readonly Migration[] = [
  (database) => {
    database.createObjectStore('conversations', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt');
    database.createObjectStore('messages', { keyPath: 'id' }).createIndex('conversationId', 'conversationId');
  },
  (database, transaction) => {
    transaction.objectStore('conversations').createIndex('pinnedKey', 'pinnedKey');
    database.createObjectStore('attachments', { keyPath: 'id' }).createIndex('conversationId', 'conversationId');
    for (const name of ['drafts', 'personas', 'settings', 'keptRecords'] as const) {
      database.createObjectStore(name, { keyPath: 'id' });
    }
  },
  // A version of its own, so that older tabs, which know nothing of seals, are shut out before there is one.
  (database) => void database.createObjectStore('lock', { keyPath: 'id' }),
];

interface ChatsDatabaseEvents {
  /** An older tab keeps the database open in an older version. */
  readonly onBlocked: () => void;
  /** The connection is gone: the browser closed it, or, with false, a newer version or "Delete everything" needed it to. */
  readonly onClosed: (byBrowser: boolean) => void;
}

/**
 * Opens the chats database, and brings an older one up to date.
 * @throws DOMException where the browser refuses storage (private mode, policy, a broken profile); a `VersionError` where a
 * newer version of the app has been here
 */
export function openChatsDatabase(
  { onBlocked, onClosed }: ChatsDatabaseEvents,
  steps: readonly Migration[] = migrations,
): Promise<ChatsDatabase> {
  return openDB<ChatsSchema>(chatsDatabaseName, steps.length, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      for (const step of steps.slice(oldVersion)) step(database, transaction);
    },
    blocked: onBlocked,
    // A newer tab wants to upgrade, or "Delete everything" runs: let go, else it waits for ever.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      onClosed(false);
    },
    terminated: () => onClosed(true),
  });
}

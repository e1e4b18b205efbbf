import type { DBSchema, IDBPDatabase } from 'idb';
import type { Attachment, AttachmentId } from '../shared/domain/attachment';
import type {
  Collection,
  CollectionDocument,
  CollectionId,
  DocumentContent,
  DocumentId,
} from '../shared/domain/collection';
import { chatsDatabaseName } from '../shared/platform/chats-database';
import type { Conversation, ConversationId, Message, MessageId } from '../shared/domain/conversation';
import type { Draft } from '../shared/domain/draft';
import type { LockRecord } from '../shared/domain/lock';
import type { DatabaseDefinition } from '../shared/platform/open-database';
import type { Persona, PersonaId } from '../shared/domain/persona';
import type { CaseSet } from '../shared/domain/lab/case-set';
import type { BlindChoice, LabAnswer, LabRun } from '../shared/domain/lab/run';
import type { ChatServer } from '../shared/domain/server';
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
  labSets: { key: string; value: CaseSet };
  labRuns: { key: string; value: LabRun };
  labAnswers: { key: string; value: LabAnswer };
  labChoices: { key: string; value: BlindChoice };
  servers: { key: string; value: ChatServer };
  collections: { key: CollectionId; value: Collection };
  documents: { key: DocumentId; value: CollectionDocument };
  documentContents: { key: DocumentId; value: DocumentContent };
  lock: { key: string; value: LockRecord };
}

export type ChatsDatabase = IDBPDatabase<ChatsSchema>;

/** Migrations leave records as they are. */
export const chatsDatabase: DatabaseDefinition<ChatsSchema> = {
  name: chatsDatabaseName,
  refused: 'storage-unavailable',
  migrations: [
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
    (database) => {
      for (const name of ['labSets', 'labRuns', 'labAnswers', 'labChoices'] as const)
        database.createObjectStore(name, { keyPath: 'id' });
    },
    (database) => void database.createObjectStore('servers', { keyPath: 'id' }),
    (database) => {
      for (const name of ['collections', 'documents', 'documentContents'] as const)
        database.createObjectStore(name, { keyPath: 'id' });
    },
  ],
};

import type { IDBPObjectStore } from 'idb';
import type { Conversation } from '../contracts/conversation';
import type { ChatsConnection } from './chats-connection';
import type { ChatsSchema, StoredConversation } from './chats-database';
import type { AllTables, ConversationTable, PartTable, Table, TableName, Tables } from './tables';

type Store<Name extends TableName> = IDBPObjectStore<ChatsSchema, TableName[], Name, 'readwrite'>;

const table = <Name extends TableName>(store: Store<Name>): Table<ChatsSchema[Name]['value']> => ({
  get: (id) => store.get(id),
  has: async (id) => (await store.getKey(id)) !== undefined,
  all: () => store.getAll(),
  // Asynchronous, so that a call that throws at once is a rejection like any other, and those before it are not left alone.
  put: async (value) => void (await store.put(value)),
  delete: async (id) => await store.delete(id),
});

function partTable<Name extends 'messages' | 'attachments'>(store: Store<Name>): PartTable<ChatsSchema[Name]['value']> {
  const index = (store as unknown as Store<'messages'>).index('conversationId');
  return {
    ...table(store),
    of: (id) => index.getAll(id) as Promise<readonly ChatsSchema[Name]['value'][]>,
    idsOf: (id) => index.getAllKeys(id),
  };
}

function withPinnedKey(conversation: Conversation): StoredConversation {
  return conversation.pinned ? { ...conversation, pinnedKey: 1 } : conversation;
}

function withoutPinnedKey({ pinnedKey: _, ...conversation }: StoredConversation): Conversation {
  return conversation;
}

function conversationTable(store: Store<'conversations'>): ConversationTable {
  return {
    ...table(store),
    get: async (id) => {
      const stored = await store.get(id);
      return stored && withoutPinnedKey(stored);
    },
    put: async (conversation) => void (await store.put(withPinnedKey(conversation))),
    all: async () => (await store.getAll()).map(withoutPinnedKey),
    newestFirst: async () => (await store.index('updatedAt').getAll()).reverse().map(withoutPinnedKey),
    newest: async (count, accept) => {
      const newest: Conversation[] = [];
      let cursor = await store.index('updatedAt').openCursor(null, 'prev');
      for (; cursor !== null && newest.length < count; cursor = await cursor.continue()) {
        const conversation = withoutPinnedKey(cursor.value);
        if (accept(conversation)) newest.push(conversation);
      }
      return newest;
    },
    pinned: async () => (await store.index('pinnedKey').getAll()).map(withoutPinnedKey),
  };
}

export class IndexedDbTables implements Tables {
  constructor(private readonly connection: ChatsConnection) {}

  run<Name extends TableName, T>(
    mode: 'readonly' | 'readwrite',
    names: readonly Name[],
    work: (tables: Pick<AllTables, Name>) => Promise<T>,
  ): Promise<T> {
    return this.connection.use(async (database) => {
      const transaction = database.transaction(names as readonly TableName[], mode);
      // What fails first is told; the rest of the transaction fails because of it.
      transaction.done.catch(() => {});
      const store = <N extends TableName>(name: N): Store<N> => transaction.objectStore(name) as unknown as Store<N>;
      const tables: Record<TableName, () => AllTables[TableName]> = {
        conversations: () => conversationTable(store('conversations')),
        messages: () => partTable(store('messages')),
        attachments: () => partTable(store('attachments')),
        drafts: () => table(store('drafts')),
        personas: () => table(store('personas')),
        settings: () => table(store('settings')),
        keptRecords: () => table(store('keptRecords')),
      };
      const chosen = Object.fromEntries(names.map((name) => [name, tables[name]()])) as unknown as AllTables;
      try {
        const result = await work(chosen);
        await transaction.done;
        return result;
      } catch (error) {
        abort(transaction);
        throw error;
      }
    });
  }
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // The failure has ended it already.
  }
}

import type { IDBPObjectStore } from 'idb';
import type { Conversation } from '../shared/domain/conversation';
import type { ChatsConnection } from './chats-connection';
import type { ChatsDatabase, ChatsSchema, StoredConversation } from './chats-database';
import type { AllTables, ConversationTable, PartTable, Table, TableName, Tables } from './tables';
import { FailureError } from '../shared/protocol/failure';
import { mustSeal } from '../shared/domain/lock';
import { loadPart } from '../ui/load-part';
import { formWithBlobs } from './blob-fields';
import type { RecordForm } from './record-form';
import { Vault, type LivingTransaction } from './vault';

type Store<Name extends TableName> = IDBPObjectStore<ChatsSchema, TableName[], Name, 'readwrite'>;
type BlobBytes = typeof import('./blob-bytes');
type Value<Name extends TableName> = ChatsSchema[Name]['value'];

function table<Name extends TableName>(store: Store<Name>, form: RecordForm): Table<Value<Name>> {
  const name = store.name as TableName;
  return {
    get: async (id) => form.open(name, await store.get(id)),
    has: async (id) => (await store.getKey(id)) !== undefined,
    all: async () => form.openAll(name, await store.getAll()),
    startingWith: async (prefix) =>
      form.openAll(name, await store.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`))),
    // Asynchronous, so that a call that throws at once is a rejection like any other, and those before it are not left alone.
    put: async (value) => void (await store.put(await form.close(name, value))),
    delete: async (id) => await store.delete(id),
  };
}

function partTable<Name extends 'messages' | 'attachments'>(
  store: Store<Name>,
  form: RecordForm,
): PartTable<Value<Name>> {
  const index = (store as unknown as Store<'messages'>).index('conversationId');
  return {
    ...table(store, form),
    of: async (id) => form.openAll(store.name as TableName, (await index.getAll(id)) as Value<Name>[]),
    idsOf: (id) => index.getAllKeys(id),
  };
}

function withPinnedKey(conversation: Conversation): StoredConversation {
  return conversation.pinned ? { ...conversation, pinnedKey: 1 } : conversation;
}

function withoutPinnedKey({ pinnedKey: _, ...conversation }: StoredConversation): Conversation {
  return conversation;
}

function conversationTable(store: Store<'conversations'>, form: RecordForm): ConversationTable {
  const opened = async (stored: readonly StoredConversation[]): Promise<Conversation[]> =>
    (await form.openAll('conversations', stored)).map(withoutPinnedKey);
  const plain = table(store, form);
  return {
    ...plain,
    get: async (id) => {
      const stored = await plain.get(id);
      return stored && withoutPinnedKey(stored);
    },
    put: (conversation) => plain.put(withPinnedKey(conversation)),
    all: async () => opened(await store.getAll()),
    newestFirst: async () => opened((await store.index('updatedAt').getAll()).reverse()),
    newest: async (count, accept) => {
      const newest: Conversation[] = [];
      let cursor = await store.index('updatedAt').openCursor(null, 'prev');
      for (; cursor !== null && newest.length < count; cursor = await cursor.continue()) {
        const [conversation] = await opened([cursor.value]);
        if (conversation && accept(conversation)) newest.push(conversation);
      }
      return newest;
    },
    pinned: async () => opened(await store.index('pinnedKey').getAll()),
  };
}

/** How long a write waits for the key when the lock is being turned on in another tab, in ms. */
const keyGraceMs = 2000;

/** The lock was turned on or off since this tab last looked: what has been written in the wrong form is undone. */
class LockChanged extends Error {}

/** What is to be done in one transaction; done again where the lock has changed meanwhile. */
interface TablesTask<Name extends TableName, T> {
  readonly mode: 'readonly' | 'readwrite';
  readonly names: readonly Name[];
  readonly work: (tables: Pick<AllTables, Name>) => Promise<T>;
  /** For databases that refuse Blobs. */
  readonly bytes: BlobBytes | null;
}

export class IndexedDbTables implements Tables {
  constructor(
    private readonly connection: ChatsConnection,
    readonly vault = new Vault(),
  ) {}

  run<Name extends TableName, T>(
    mode: 'readonly' | 'readwrite',
    names: readonly Name[],
    work: (tables: Pick<AllTables, Name>) => Promise<T>,
  ): Promise<T> {
    const mayHaveBlobs =
      mode === 'readwrite' && names.some((name) => name === 'attachments' || name === 'documentContents');
    return this.connection.use(async (database) => {
      const bytes =
        mayHaveBlobs && !(await this.connection.keepsBlobs(database))
          ? await loadPart(() => import('./blob-bytes'))
          : null;
      return this.#run(database, { mode, names, work, bytes });
    });
  }

  async #run<Name extends TableName, T>(database: ChatsDatabase, task: TablesTask<Name, T>): Promise<T> {
    try {
      return await this.#once(database, task);
    } catch (error) {
      // Sealed records where this tab knew of no lock: it has just been turned on.
      const news = this.vault.record === null && isLockedOut(error);
      if (news) this.vault.learn((await database.get('lock', 'lock')) ?? null);
      else if (!(error instanceof LockChanged)) throw error;
      // The tab that turns the lock on sends the key, too.
      if (this.vault.isLocked) await this.vault.keyArrives(keyGraceMs);
      return this.#once(database, task);
    }
  }

  async #once<Name extends TableName, T>(database: ChatsDatabase, task: TablesTask<Name, T>): Promise<T> {
    const { mode, names, work, bytes } = task;
    const scope: readonly (TableName | 'lock')[] = mode === 'readwrite' ? [...names, 'lock'] : names;
    const transaction = database.transaction(scope, mode);
    const store = <N extends TableName>(name: N): Store<N> => transaction.objectStore(name) as unknown as Store<N>;
    let changed: LockChanged | null = null;
    try {
      const living = transaction as unknown as LivingTransaction;
      const form = this.vault.formOf(living);
      const withBytes = bytes?.withBytesInside(living) ?? null;
      if (mode === 'readwrite') {
        // The first question of the transaction, so answered before anything can be written for good. Nothing waits for it.
        const seals = this.vault.seals;
        void (transaction.objectStore('lock') as unknown as IDBPObjectStore<ChatsSchema, ['lock'], 'lock', 'readonly'>)
          .get('lock')
          .then((stored) => {
            const record = stored ?? null;
            if (mustSeal(record) === seals) return;
            changed = new LockChanged();
            this.vault.learn(record);
            abort(transaction);
          })
          .catch(() => {});
      }
      const special: Partial<Record<TableName, () => AllTables[TableName]>> = {
        conversations: () => conversationTable(store('conversations'), form),
        messages: () => partTable(store('messages'), form),
        attachments: () => partTable(store('attachments'), formWithBlobs(form, withBytes)),
        documentContents: () => table(store('documentContents'), formWithBlobs(form, withBytes)),
      };
      const chosen = Object.fromEntries(
        names.map((name) => [name, special[name]?.() ?? table(store(name), form)]),
      ) as unknown as AllTables;
      const result = await work(chosen);
      await transaction.done;
      return result;
    } catch (error) {
      abort(transaction);
      throw changed ?? error;
    }
  }
}

const isLockedOut = (error: unknown): boolean =>
  error instanceof FailureError && error.failure.kind === 'storage-locked';

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // The failure has ended it already.
  }
}

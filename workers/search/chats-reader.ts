import { openDB, type IDBPDatabase } from 'idb';
import { chatsDatabaseName } from '../../src/contracts/chats-database';
import type { Conversation, ConversationId, Message } from '../../src/contracts/conversation';
import type { SearchDocument } from '../../src/contracts/search';

/** So many conversations are read at a time, unless they are long. */
const batch = 100;
const mostMessages = 4000;

const documentOf = ({ id, title, updatedAt }: Conversation, messages: readonly Message[]): SearchDocument => ({
  id,
  title,
  updatedAt,
  texts: messages.map(({ text }) => text),
});

/** Reads conversations from the page's database, and only reads. */
export class ChatsReader {
  #opening: Promise<IDBPDatabase> | null = null;

  /** All conversations, some at a time. Rejects where the database cannot be read. */
  async *all(): AsyncGenerator<{ readonly documents: readonly SearchDocument[]; readonly total: number }> {
    const conversations = (await this.#use((database) => database.getAll('conversations'))) as Conversation[];
    for (let start = 0; start < conversations.length; start += batch) {
      for await (const documents of this.#some(conversations.slice(start, start + batch))) {
        yield { documents, total: conversations.length };
      }
    }
  }

  /** Those of these that are there, in one transaction. */
  read(ids: readonly ConversationId[]): Promise<readonly SearchDocument[]> {
    return this.#use(async (database) => {
      const transaction = database.transaction(['conversations', 'messages']);
      const conversations = transaction.objectStore('conversations');
      const index = transaction.objectStore('messages').index('conversationId');
      const found = await Promise.all(
        ids.map(async (id) => {
          const [conversation, messages] = await Promise.all([
            conversations.get(id) as Promise<Conversation | undefined>,
            index.getAll(id) as Promise<Message[]>,
          ]);
          return conversation ? documentOf(conversation, messages) : null;
        }),
      );
      return found.filter((document) => document !== null);
    });
  }

  /** The conversations are in the order of their ids, so the messages of all of them are one range of the index. */
  async *#some(conversations: readonly Conversation[]): AsyncGenerator<readonly SearchDocument[]> {
    const [first, last] = [conversations[0], conversations.at(-1)];
    if (!first || !last) return;
    const range = IDBKeyRange.bound(first.id, last.id);
    const messages = await this.#use(async (database) => {
      const index = database.transaction('messages').store.index('conversationId');
      const fits = conversations.length === 1 || (await index.count(range)) <= mostMessages;
      return fits ? ((await index.getAll(range)) as Message[]) : null;
    });
    if (messages === null) {
      const half = Math.ceil(conversations.length / 2);
      yield* this.#some(conversations.slice(0, half));
      yield* this.#some(conversations.slice(half));
      return;
    }
    const byConversation = new Map(conversations.map(({ id }) => [id, [] as Message[]]));
    for (const message of messages) byConversation.get(message.conversationId)?.push(message);
    yield conversations.map((conversation) => documentOf(conversation, byConversation.get(conversation.id) ?? []));
  }

  /** Once more on a new connection when the old one was closed. */
  async #use<T>(work: (database: IDBPDatabase) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
      this.#opening = null;
      return work(await this.#open());
    }
  }

  #open(): Promise<IDBPDatabase> {
    // In whatever version it is: the page alone makes and changes it.
    this.#opening ??= openDB(chatsDatabaseName, undefined, {
      upgrade: (_database, _oldVersion, _newVersion, transaction) => transaction.abort(),
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        this.#opening = null;
      },
      terminated: () => (this.#opening = null),
    });
    this.#opening.catch(() => (this.#opening = null));
    return this.#opening;
  }
}

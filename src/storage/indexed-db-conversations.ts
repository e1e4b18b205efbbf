import { FailureError, type FailureKind } from '../contracts/failure';
import type { Conversation, ConversationId, Message } from '../contracts/conversation';
import { openChatsDatabase, type ChatsDatabase } from './chats-database';
import type { ConversationRecord, ConversationRepository } from './conversation-repository';

/** How long an older tab may hold up the opening before that is told as a failure, in ms. */
const blockedGraceMs = 3000;

function storageFailure(error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  const name = error instanceof Error ? error.name : '';
  const kind: FailureKind = name === 'QuotaExceededError' ? 'storage-full' : 'storage-unavailable';
  return new FailureError({ kind, technical: error instanceof Error ? `${name}: ${error.message}` : String(error) });
}

export class IndexedDbConversations implements ConversationRepository {
  readonly persistent = true;
  #opening: Promise<ChatsDatabase> | null = null;

  async list(limit?: number): Promise<readonly Conversation[]> {
    return this.#use(async (database) => {
      if (limit === undefined) return (await database.getAllFromIndex('conversations', 'updatedAt')).reverse();
      const newest: Conversation[] = [];
      const index = database.transaction('conversations').store.index('updatedAt');
      let cursor = await index.openCursor(null, 'prev');
      for (; cursor !== null && newest.length < limit; cursor = await cursor.continue()) newest.push(cursor.value);
      return newest;
    });
  }

  async read(id: ConversationId): Promise<ConversationRecord | null> {
    return this.#use(async (database) => {
      const transaction = database.transaction(['conversations', 'messages']);
      const [conversation, messages] = await Promise.all([
        transaction.objectStore('conversations').get(id),
        transaction.objectStore('messages').index('conversationId').getAll(id),
      ]);
      return conversation ? { conversation, messages } : null;
    });
  }

  async write(conversation: Conversation, messages: readonly Message[]): Promise<void> {
    await this.#use(async (database) => {
      const transaction = database.transaction(['conversations', 'messages'], 'readwrite');
      // A failed put also aborts the transaction; `done` tells of both, so the puts' own promises are only kept from going unheard.
      await Promise.all([
        transaction.objectStore('conversations').put(conversation),
        ...messages.map((message) => transaction.objectStore('messages').put(message)),
        transaction.done,
      ]);
    });
  }

  async writeMessage(message: Message): Promise<void> {
    await this.#use(async (database) => {
      const transaction = database.transaction(['conversations', 'messages'], 'readwrite');
      const exists = await transaction.objectStore('conversations').getKey(message.conversationId);
      if (exists !== undefined) await transaction.objectStore('messages').put(message);
      await transaction.done;
    });
  }

  async remove(id: ConversationId): Promise<ConversationRecord | null> {
    return this.#use(async (database) => {
      const transaction = database.transaction(['conversations', 'messages'], 'readwrite');
      const conversations = transaction.objectStore('conversations');
      const messages = transaction.objectStore('messages');
      const conversation = await conversations.get(id);
      const removed = await messages.index('conversationId').getAll(id);
      await Promise.all([
        conversations.delete(id),
        ...removed.map((message) => messages.delete(message.id)),
        transaction.done,
      ]);
      return conversation ? { conversation, messages: removed } : null;
    });
  }

  /** Runs `work` on the open database; a connection that the browser closed meanwhile is opened once more. */
  async #use<T>(work: (database: ChatsDatabase) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw storageFailure(error);
    }
    this.#opening = null;
    try {
      return await work(await this.#open());
    } catch (error) {
      throw storageFailure(error);
    }
  }

  #open(): Promise<ChatsDatabase> {
    this.#opening ??= new Promise<ChatsDatabase>((resolve, reject) => {
      if (!('indexedDB' in globalThis) || globalThis.indexedDB === null) {
        throw new FailureError({ kind: 'storage-unavailable', technical: 'indexedDB is missing' });
      }
      openChatsDatabase({
        onBlocked: () =>
          setTimeout(
            () => reject(new FailureError({ kind: 'storage-blocked', technical: 'an older tab holds the database' })),
            blockedGraceMs,
          ),
        onTerminated: () => (this.#opening = null),
      }).then(resolve, reject);
    }).catch((error: unknown) => {
      // A later call may try again: storage that was refused can be allowed meanwhile.
      this.#opening = null;
      throw storageFailure(error);
    });
    return this.#opening;
  }
}

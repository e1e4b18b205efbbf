import { chatsDatabaseName } from '../../src/shared/platform/chats-database';
import { DatabaseConnection } from '../../src/shared/platform/database-connection';
import type { Attachment, AttachmentId } from '../../src/shared/domain/attachment';
import type { Conversation, ConversationId, Message } from '../../src/shared/domain/conversation';
import { isSealed } from '../../src/shared/domain/lock';
import { unseal } from '../../src/shared/platform/seal';
import type { SearchDocument } from '../../src/shared/protocol/search';
import { filesOf, searchDocument } from '../../src/shared/domain/search-document';
import { withBlobs } from '../../src/shared/platform/stored-bytes';

/** So many conversations are read at a time, unless they are long. */
const batch = 100;
const mostMessages = 4000;

/** Reads conversations from the page's database, and only reads. */
export class ChatsReader {
  // The page alone makes and changes it.
  readonly #connection = new DatabaseConnection({
    name: chatsDatabaseName,
    refused: 'storage-unavailable',
    migrations: [],
  });
  #key: CryptoKey | null = null;

  /** Reads sealed records, too, from now on. */
  useKey(key: CryptoKey): void {
    this.#key = key;
  }

  /** All conversations, some at a time. Rejects where the database cannot be read. */
  async *all(): AsyncGenerator<{ readonly documents: readonly SearchDocument[]; readonly total: number }> {
    // The page tells of an older tab that is in the way; the search is ready when that has let go.
    await this.#connection.whenOpen();
    const conversations = await this.#opened<Conversation>(
      'conversations',
      await this.#connection.use((database) => database.getAll('conversations')),
    );
    for (let start = 0; start < conversations.length; start += batch) {
      for await (const documents of this.#some(conversations.slice(start, start + batch))) {
        yield { documents, total: conversations.length };
      }
    }
  }

  /**
   * Those of these that are there; their messages in one transaction.
   * @param withFiles those whose files are to be read, too
   */
  async read(
    ids: readonly ConversationId[],
    withFiles: ReadonlySet<ConversationId>,
  ): Promise<readonly SearchDocument[]> {
    const stored = await this.#connection.use((database) => {
      const transaction = database.transaction(['conversations', 'messages']);
      const conversations = transaction.objectStore('conversations');
      const index = transaction.objectStore('messages').index('conversationId');
      return Promise.all(ids.map((id) => Promise.all([conversations.get(id), index.getAll(id)])));
    });
    const found = await Promise.all(
      stored.map(async ([header, parts]) => {
        const [conversation] = await this.#opened<Conversation>('conversations', header === undefined ? [] : [header]);
        if (!conversation) return null;
        const messages = await this.#opened<Message>('messages', parts);
        return withFiles.has(conversation.id)
          ? this.#document(conversation, messages)
          : searchDocument(conversation, messages, new Map());
      }),
    );
    return found.filter((document) => document !== null);
  }

  /** The conversations are in the order of their ids, so the messages of all of them are one range of the index. */
  async *#some(conversations: readonly Conversation[]): AsyncGenerator<readonly SearchDocument[]> {
    const [first, last] = [conversations[0], conversations.at(-1)];
    if (!first || !last) return;
    const range = IDBKeyRange.bound(first.id, last.id);
    const messages = await this.#connection.use(async (database) => {
      const index = database.transaction('messages').store.index('conversationId');
      const fits = conversations.length === 1 || (await index.count(range)) <= mostMessages;
      return fits ? await index.getAll(range) : null;
    });
    if (messages === null) {
      const half = Math.ceil(conversations.length / 2);
      yield* this.#some(conversations.slice(0, half));
      yield* this.#some(conversations.slice(half));
      return;
    }
    const byConversation = new Map(conversations.map(({ id }) => [id, [] as Message[]]));
    for (const message of await this.#opened<Message>('messages', messages))
      byConversation.get(message.conversationId)?.push(message);
    const documents: SearchDocument[] = [];
    for (const conversation of conversations)
      documents.push(await this.#document(conversation, byConversation.get(conversation.id) ?? []));
    yield documents;
  }

  async #document(conversation: Conversation, messages: readonly Message[]): Promise<SearchDocument> {
    return searchDocument(conversation, messages, await this.#fileTexts(filesOf(messages)));
  }

  /** One after the other: together they may be larger than the memory. What cannot be read cannot be found. */
  async #fileTexts(ids: ReadonlySet<AttachmentId>): Promise<ReadonlyMap<AttachmentId, string>> {
    const texts = new Map<AttachmentId, string>();
    for (const id of ids) {
      const stored = await this.#connection.use((database) => database.get('attachments', id));
      const [file] = await this.#opened<Attachment>('attachments', stored === undefined ? [] : [stored]);
      const text = await file?.text.text().catch(() => '');
      if (text) texts.set(id, text);
    }
    return texts;
  }

  /** What cannot be read cannot be found, and does not keep the rest from being found. */
  async #opened<Value>(
    table: 'conversations' | 'messages' | 'attachments',
    stored: readonly unknown[],
  ): Promise<readonly Value[]> {
    const key = this.#key;
    const opened = await Promise.all(
      stored.map(withBlobs).map((value) => {
        if (!isSealed(value)) return value;
        return key === null ? null : unseal(key, table, value).catch(() => null);
      }),
    );
    return opened.filter((value) => value !== null) as Value[];
  }
}

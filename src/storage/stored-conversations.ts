import type { Attachment } from '../shared/domain/attachment';
import type { Conversation, ConversationId, Message } from '../shared/domain/conversation';
import { present } from '../shared/domain/fields';
import type {
  AddedCounts,
  ConversationChanges,
  ConversationIds,
  ConversationRecord,
  ConversationRepository,
  Rework,
  Reworked,
  WholeConversation,
} from './conversation-repository';
import type { Tables } from './tables';
import { addedTogether, inTransactions } from './transaction-size';
import { addWhole, readWhole, removeWhole, whole } from './whole-conversation';

const attachmentIdsOf = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap((message) => (message.role === 'user' ? (message.attachments ?? []).map(({ id }) => id) : []));

export class StoredConversations implements ConversationRepository {
  constructor(
    private readonly tables: Tables,
    readonly persistent: boolean,
  ) {}

  list(): Promise<readonly Conversation[]> {
    return this.tables.run('readonly', ['conversations'], ({ conversations }) => conversations.newestFirst());
  }

  front(count: number): Promise<readonly Conversation[]> {
    return this.tables.run('readonly', ['conversations'], async ({ conversations }) => {
      const pinned = await conversations.pinned();
      const newest = await conversations.newest(
        count,
        (conversation) => !conversation.archived && !conversation.pinned,
      );
      return [...pinned.toSorted((a, b) => b.updatedAt - a.updatedAt), ...newest];
    });
  }

  headers(ids: readonly ConversationId[]): Promise<readonly Conversation[]> {
    return this.tables.run('readonly', ['conversations'], async ({ conversations }) => {
      const found = await Promise.all(ids.map((id) => conversations.get(id)));
      return found.filter((conversation) => conversation !== undefined);
    });
  }

  read(id: ConversationId): Promise<ConversationRecord | null> {
    return this.tables.run('readonly', ['conversations', 'messages'], async (tables) => {
      const [conversation, messages] = await Promise.all([tables.conversations.get(id), tables.messages.of(id)]);
      return conversation ? { conversation, messages } : null;
    });
  }

  readWhole(ids: readonly ConversationId[]): Promise<readonly WholeConversation[]> {
    return this.tables.run('readonly', whole, async (tables) => {
      const found = await Promise.all(ids.map((id) => readWhole(tables, id)));
      return found.filter((record) => record !== null);
    });
  }

  async write(
    conversation: Conversation,
    messages: readonly Message[],
    attachments: readonly Attachment[] = [],
  ): Promise<void> {
    await this.tables.run('readwrite', ['conversations', 'messages', 'attachments'], async (tables) => {
      await Promise.all([
        tables.conversations.put(conversation),
        ...messages.map((message) => tables.messages.put(message)),
        ...attachments.map((attachment) => tables.attachments.put(attachment)),
      ]);
    });
  }

  async writeMessage(message: Message): Promise<void> {
    await this.tables.run('readwrite', ['conversations', 'messages'], async (tables) => {
      if (await tables.conversations.has(message.conversationId)) await tables.messages.put(message);
    });
  }

  patch(
    id: ConversationId,
    change: (stored: Conversation) => ConversationChanges | null,
    messages: readonly Message[] = [],
    attachments: readonly Attachment[] = [],
  ): Promise<Conversation | null> {
    return this.tables.run('readwrite', ['conversations', 'messages', 'attachments'], async (tables) => {
      const stored = await tables.conversations.get(id);
      const fields = stored ? change(stored) : null;
      if (!stored || fields === null) return null;
      const changed = present<Conversation>({ ...stored, ...fields });
      await Promise.all([
        tables.conversations.put(changed),
        ...messages.map((message) => tables.messages.put(message)),
        ...attachments.map((attachment) => tables.attachments.put(attachment)),
      ]);
      return changed;
    });
  }

  rework(id: ConversationId, make: (stored: ConversationRecord) => Rework | null): Promise<Reworked | null> {
    return this.tables.run('readwrite', ['conversations', 'messages', 'attachments'], async (tables) => {
      const [stored, messages] = await Promise.all([tables.conversations.get(id), tables.messages.of(id)]);
      const work = stored ? make({ conversation: stored, messages }) : null;
      if (!stored || work === null) return null;
      const { fields = {}, put = [], attachments = [], drop = [] } = work;
      const gone = new Set(drop);
      const dropped = messages.filter((message) => gone.has(message.id));
      const stillUsed = new Set(attachmentIdsOf(messages.filter((message) => !gone.has(message.id))));
      const unused = attachmentIdsOf(dropped).filter((attachmentId) => !stillUsed.has(attachmentId));
      const droppedAttachments = await Promise.all(unused.map((unusedId) => tables.attachments.get(unusedId)));
      const conversation = { ...stored, ...fields };
      await Promise.all([
        tables.conversations.put(conversation),
        ...put.map((message) => tables.messages.put(message)),
        ...attachments.map((attachment) => tables.attachments.put(attachment)),
        ...drop.map((messageId) => tables.messages.delete(messageId)),
        ...unused.map((attachmentId) => tables.attachments.delete(attachmentId)),
      ]);
      const found = droppedAttachments.filter((attachment) => attachment !== undefined);
      return { conversation, dropped: { messages: dropped, attachments: found } };
    });
  }

  remove(ids: readonly ConversationId[]): Promise<readonly WholeConversation[]> {
    return this.tables.run('readwrite', whole, async (tables) => {
      const found = await Promise.all(ids.map((id) => removeWhole(tables, id)));
      return found.filter((record) => record !== null);
    });
  }

  async addMany(records: readonly WholeConversation[]): Promise<AddedCounts> {
    let counts: AddedCounts = { conversations: 0, messages: 0 };
    for (const some of inTransactions(records)) {
      const added = await this.tables.run('readwrite', whole, async (tables) => {
        let together: AddedCounts = { conversations: 0, messages: 0 };
        for (const record of some) together = addedTogether(together, await addWhole(tables, record));
        return together;
      });
      counts = addedTogether(counts, added);
    }
    return counts;
  }

  missing(conversations: readonly ConversationIds[]): Promise<readonly (number | null)[]> {
    return this.tables.run('readonly', ['conversations', 'messages'], (tables) =>
      Promise.all(
        conversations.map(async ({ id, messageIds }) => {
          if (!(await tables.conversations.has(id))) return null;
          const here = new Set(await tables.messages.idsOf(id));
          return messageIds.filter((messageId) => !here.has(messageId)).length;
        }),
      ),
    );
  }
}

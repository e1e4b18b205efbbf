import type { Attachment } from '../shared/domain/attachment';
import type { Conversation, ConversationId, Message } from '../shared/domain/conversation';
import { present } from '../shared/domain/chosen-fields';
import { loadPart } from '../ui/load-part';
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

/** What is done with all of a conversation: deleting, importing, exporting it. Never needed at once. */
const wholeConversations = (): Promise<typeof import('./whole-conversation')> =>
  loadPart(() => import('./whole-conversation'));

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

  async readWhole(ids: readonly ConversationId[]): Promise<readonly WholeConversation[]> {
    return (await wholeConversations()).readMany(this.tables, ids);
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

  async rework(id: ConversationId, make: (stored: ConversationRecord) => Rework | null): Promise<Reworked | null> {
    return (await wholeConversations()).rework(this.tables, id, make);
  }

  async remove(ids: readonly ConversationId[]): Promise<readonly WholeConversation[]> {
    return (await wholeConversations()).removeMany(this.tables, ids);
  }

  async addMany(records: readonly WholeConversation[]): Promise<AddedCounts> {
    return (await wholeConversations()).addMany(this.tables, records);
  }

  async missing(conversations: readonly ConversationIds[]): Promise<readonly (number | null)[]> {
    return (await wholeConversations()).missing(this.tables, conversations);
  }
}

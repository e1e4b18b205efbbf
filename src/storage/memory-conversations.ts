import type { Conversation, ConversationId, Message } from '../contracts/conversation';
import type { ConversationRecord, ConversationRepository } from './conversation-repository';

/** Stands in where the browser refuses storage (private mode): everything works until the page is closed. */
export class MemoryConversations implements ConversationRepository {
  readonly persistent = false;
  readonly #conversations = new Map<ConversationId, Conversation>();
  readonly #messages = new Map<string, Message>();

  list(limit?: number): Promise<readonly Conversation[]> {
    const newestFirst = [...this.#conversations.values()].sort((a, b) => b.updatedAt - a.updatedAt);
    return Promise.resolve(newestFirst.slice(0, limit));
  }

  read(id: ConversationId): Promise<ConversationRecord | null> {
    const conversation = this.#conversations.get(id);
    return Promise.resolve(conversation ? { conversation, messages: this.#messagesOf(id) } : null);
  }

  write(conversation: Conversation, messages: readonly Message[]): Promise<void> {
    this.#conversations.set(conversation.id, conversation);
    for (const message of messages) this.#messages.set(message.id, message);
    return Promise.resolve();
  }

  writeMessage(message: Message): Promise<void> {
    if (this.#conversations.has(message.conversationId)) this.#messages.set(message.id, message);
    return Promise.resolve();
  }

  async remove(id: ConversationId): Promise<ConversationRecord | null> {
    const record = await this.read(id);
    this.#conversations.delete(id);
    for (const message of record?.messages ?? []) this.#messages.delete(message.id);
    return record;
  }

  #messagesOf(id: ConversationId): readonly Message[] {
    return [...this.#messages.values()].filter((message) => message.conversationId === id);
  }
}

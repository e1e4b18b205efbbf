import type { Attachment } from '../shared/domain/attachment';
import type { AnswerMessage, Conversation, ConversationId, Message } from '../shared/domain/conversation';
import type { Failure } from '../shared/protocol/failure';
import type { ConversationChanges, ConversationRepository } from '../storage/conversation-repository';
import { conversationIsFree, withConversationLock } from './conversation-lock';
import { endOfBranch, messagesById, type MessagesById } from '../shared/domain/message-tree';

const isCut = (message: Message): message is AnswerMessage =>
  message.role === 'assistant' && message.state === 'streaming';

export const conversationGone: Failure = { kind: 'conversation-gone', technical: 'it is not in the database any more' };

/** One conversation as it is in the store, and on the screen. Rejections are `FailureError`s of the repository. */
export class KeptConversation {
  #header = $state.raw<Conversation | null>(null);
  #messages = $state.raw<MessagesById>(new Map());
  #missing = $state(false);
  #gone = $state(false);
  #stored = false;
  #knownId: ConversationId | null = null;
  #waitingForLock = false;

  constructor(private readonly repository: ConversationRepository) {}

  /** Null before the first question. */
  get header(): Conversation | null {
    return this.#header;
  }
  get messages(): MessagesById {
    return this.#messages;
  }
  /** It was to be there, and is not; nor is anything of it on the screen. */
  get missing(): boolean {
    return this.#missing;
  }
  /**
   * It is on the screen, and in the store no longer: deleted elsewhere, or with all the browser kept. It stays as it is shown, and
   * is written again only as a whole, by `storeAgain`.
   */
  get gone(): boolean {
    return this.#gone;
  }
  /** Its id where it is in the store, or was: what is typed is kept by it. */
  get knownId(): ConversationId | null {
    return this.#knownId;
  }
  /** Its id where it is in the store, not only on the screen. */
  get storedId(): ConversationId | null {
    return this.#stored ? (this.#header?.id ?? null) : null;
  }

  /** Begins a conversation, which is stored with its first question. */
  begin(title: string): Conversation {
    const now = Date.now();
    this.#header ??= { id: crypto.randomUUID(), title, createdAt: now, updatedAt: now, activeLeafId: null };
    return this.#header;
  }

  async read(id: ConversationId): Promise<void> {
    const record = await this.repository.read(id);
    this.#knownId = id;
    this.#stored = record !== null;
    this.#gone = record === null && this.#header?.id === id;
    if (this.#gone) return;
    this.#missing = record === null;
    this.#messages = messagesById(record?.messages ?? []);
    // An import of an older version of Sotto may have left the end of the branch above what follows it.
    this.#header = record && {
      ...record.conversation,
      activeLeafId: endOfBranch(this.#messages, record.conversation.activeLeafId),
    };
  }

  /** Writes all that is on the screen: to a store that has lost it. Does nothing for a conversation that is not gone. */
  async storeAgain(attachments: readonly Attachment[]): Promise<Conversation | null> {
    const header = this.#header;
    if (header === null || !this.#gone) return null;
    await this.repository.write(header, [...this.#messages.values()], attachments);
    this.#stored = true;
    this.#gone = false;
    return header;
  }

  /** Shows messages that are stored, or are about to be. */
  put(messages: readonly Message[]): void {
    this.#messages = new Map([...this.#messages, ...messages.map((message) => [message.id, message] as const)]);
  }

  /** Shows another branch at once; stored by `change`. */
  showLeaf(activeLeafId: string): void {
    if (this.#header) this.#header = { ...this.#header, activeLeafId };
  }

  /**
   * Changes what is stored. Only these fields are written over it: a new title or tag from elsewhere stays. Does nothing before
   * the first question.
   */
  async change(changes: ConversationChanges): Promise<Conversation | null> {
    const id = this.storedId;
    const stored = id === null ? null : await this.repository.patch(id, () => changes);
    if (stored) this.#header = stored;
    return stored;
  }

  /**
   * Stores messages with their files, the conversation with the first of them.
   * @returns null when it is gone: that is not undone by writing half of it anew
   */
  async store(
    changes: ConversationChanges,
    messages: readonly Message[],
    attachments: readonly Attachment[],
  ): Promise<Conversation | null> {
    const header = this.#header;
    if (header === null || this.#gone) return null;
    const stored = this.#stored
      ? await this.repository.patch(header.id, () => changes, messages, attachments)
      : await this.#storeFirst({ ...header, ...(changes as Partial<Conversation>) }, messages, attachments);
    this.#gone = stored === null;
    if (stored === null) this.#stored = false;
    else {
      this.#header = stored;
      this.put(messages);
    }
    return stored;
  }

  /**
   * Marks answers as interrupted that a crash cut off.
   * @param again called when another tab that was writing has finished, or died
   */
  async markInterrupted(id: ConversationId, again: () => void): Promise<void> {
    if (![...this.#messages.values()].some(isCut)) return;
    const free = await withConversationLock(id, async () => {
      // Read again under the lock: the other tab may have finished its answer in between.
      await this.read(id);
      const cut = [...this.#messages.values()]
        .filter(isCut)
        .map((answer) => ({ ...answer, state: 'interrupted' as const }));
      this.put(cut);
      for (const answer of cut) await this.repository.writeMessage(answer);
    });
    if (free || this.#waitingForLock) return;
    this.#waitingForLock = true;
    void conversationIsFree(id).then(() => {
      this.#waitingForLock = false;
      again();
    });
  }

  async #storeFirst(
    conversation: Conversation,
    messages: readonly Message[],
    attachments: readonly Attachment[],
  ): Promise<Conversation> {
    await this.repository.write(conversation, messages, attachments);
    this.#stored = true;
    this.#knownId = conversation.id;
    return conversation;
  }
}

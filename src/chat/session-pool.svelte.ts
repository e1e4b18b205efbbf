import type { ConversationId, MessageId } from '../shared/domain/conversation';
import { ChatSession, type ChatSessionParts } from './chat-session.svelte';
import { temporaryId, temporaryParts } from './temporary-chat';

interface SessionPoolParts extends ChatSessionParts {
  /** A temporary chat with words in it was left; `back` shows it again. */
  readonly temporaryLeft?: (back: () => void) => void;
  /** Whether something else is on its way into a chat, as what is dictated. */
  readonly isAwaited?: (session: ChatSession) => boolean;
}

/** Whether there is something in it that is nowhere else, or perhaps is. */
const isNeeded = ({ phase, nothingInHand, gone, inDoubt, temporary }: ChatSession): boolean =>
  !temporary && (phase !== 'idle' || !nothingInHand || gone || inDoubt);

/**
 * The conversations that are alive in this tab: the one on the screen, and those in which an answer is still being written
 * or a draft waits. Going to another conversation stops nothing.
 */
export class SessionPool {
  #current = $state.raw() as ChatSession;
  #alive: readonly ChatSession[] = [];
  #temporary: ChatSession | null = null;

  constructor(private readonly parts: SessionPoolParts) {
    this.#current = new ChatSession(parts);
    parts.channel.listen((ids) => this.refresh(ids));
  }

  get current(): ChatSession {
    return this.#current;
  }

  /** Whether an answer is being written, or waits for its turn. */
  get busy(): boolean {
    return this.#all().some(({ phase }) => phase !== 'idle');
  }

  /**
   * Shows a stored conversation at one of its messages.
   * @returns false while an answer is being written on another branch than that message's
   */
  showMessage(id: ConversationId, messageId: MessageId): Promise<boolean> {
    this.show(id);
    return this.#current.showMessage(messageId);
  }

  /** Shows a stored conversation, an empty new one for null, or the temporary one for `temporaryId`. */
  show(id: ConversationId | null): void {
    if (id === temporaryId) return this.#showTemporary();
    this.#leaveTemporary();
    const { conversationId, missing, temporary } = this.#current;
    if (id === conversationId && !missing && !temporary) {
      // The first route of a visit may lead nowhere else than where it begins.
      if (id === null) void this.#current.restoreDraft();
      return;
    }
    this.#alive = this.#needed();
    const alive = this.#alive.find((session) => session.conversationId === id);
    this.#current = alive ?? new ChatSession(this.parts);
    if (alive) return;
    if (id === null) void this.#current.restoreDraft();
    else void this.#current.open(id);
  }

  #showTemporary(): void {
    this.#alive = this.#needed();
    this.#temporary ??= new ChatSession(temporaryParts(this.parts));
    this.#current = this.#temporary;
  }

  #leaveTemporary(): void {
    const left = this.#temporary;
    this.#temporary = null;
    if (left === null) return;
    left.stop();
    if (left.path.length > 0 || !left.nothingInHand) this.parts.temporaryLeft?.(() => (this.#temporary = left));
  }

  /** These conversations have been written to elsewhere: by another tab, or by an import. */
  refresh(ids: readonly ConversationId[]): void {
    for (const session of this.#all()) {
      if (session.conversationId !== null && ids.includes(session.conversationId)) void session.refresh();
    }
  }

  /** The browser has closed the database, perhaps with all that was in it: what is shown may be gone. */
  lookAgain(): void {
    for (const session of this.#all()) void session.refresh();
  }

  /** The page goes away: store what has come so far. Never rejects. */
  async flush(): Promise<void> {
    await Promise.all([...this.#all().map((session) => session.flush()), this.parts.drafts?.flush()]);
  }

  /** Ends the answer in a conversation that is being deleted, and forgets it. */
  async close(id: ConversationId): Promise<void> {
    // What is typed there goes, and may come back, with the conversation.
    await this.parts.drafts?.flush();
    for (const session of this.#all()) if (session.conversationId === id) session.abandon();
  }

  #needed(): readonly ChatSession[] {
    return this.#all().filter((session) => isNeeded(session) || this.parts.isAwaited?.(session));
  }

  #all(): readonly ChatSession[] {
    return this.#alive.includes(this.#current) ? this.#alive : [...this.#alive, this.#current];
  }
}

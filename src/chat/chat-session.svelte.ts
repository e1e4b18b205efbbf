import type {
  AnswerMessage,
  Conversation,
  ConversationId,
  Message,
  MessageId,
  UserMessage,
} from '../contracts/conversation';
import { failureFrom, type Failure } from '../contracts/failure';
import { newChat } from '../contracts/draft';
import type { ChatTurn } from '../contracts/engine';
import type { ChatSettings } from '../contracts/chat-settings';
import type { ModelDescriptor } from '../contracts/model';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { ConversationChannel } from '../storage/conversation-channel';
import type { ConversationRepository } from '../storage/conversation-repository';
import type { DraftKeeper } from '../storage/draft-keeper';
import { m } from '../text/paraglide/messages.js';
import { AnswerWriter } from './answer-writer';
import type { Undo } from './conversation-edits';
import { conversationIsFree, withConversationLock } from './conversation-lock';
import { LiveAnswer } from './live-answer.svelte';
import { branchTo, newestLeafBelow, versionsOf, type MessagesById } from './message-tree';
import { turnsOf } from './prompt';

const titleLength = 60;

export type ChatPhase = 'idle' | 'waiting' | 'loading-model' | 'reading' | 'writing';

export interface ChatSessionParts {
  readonly repository: ConversationRepository;
  readonly channel: ConversationChannel;
  readonly model: ActiveModel;
  /** Told after each change of the stored conversation, the first included. */
  readonly changed: (conversation: Conversation) => void;
  /** Keeps what is typed over reloads. */
  readonly drafts?: DraftKeeper;
  /** Told when an answer is whole, with the turns that it was an answer to. */
  readonly answered?: (answer: AnswerMessage, turns: readonly ChatTurn[]) => void;
}

/** What may be different when a question is answered again. */
export interface RegenerateOptions {
  readonly model?: ModelDescriptor;
  readonly settings?: ChatSettings;
}

/** No question and no answer needs them. */
const edits = (): Promise<typeof import('./conversation-edits')> => import('./conversation-edits');

const titleFrom = (text: string): string => {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > titleLength ? `${line.slice(0, titleLength - 1).trimEnd()}…` : line;
};

/** One conversation on the screen: what is shown of it, and the verbs a person has. */
export class ChatSession {
  #draft = $state('');
  #conversation = $state.raw<Conversation | null>(null);
  #messages = $state.raw<MessagesById>(new Map());
  #live = $state.raw<LiveAnswer | null>(null);
  #phase = $state<ChatPhase>('idle');
  #prefillFraction = $state<number | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #missing = $state(false);
  #opening = $state(false);
  #writer: AnswerWriter | null = null;
  /** The conversation is in the store, not only on the screen. */
  #stored = false;
  #waitingForLock = false;
  readonly #path = $derived.by(() => {
    const branch = branchTo(this.#messages, this.#conversation?.activeLeafId ?? null);
    const live = this.#live;
    return live === null ? branch : branch.map((message) => (message.id === live.id ? live : message));
  });

  constructor(private readonly parts: ChatSessionParts) {}

  /** What is typed and not sent. */
  get draft(): string {
    return this.#draft;
  }
  set draft(text: string) {
    if (text === this.#draft) return;
    this.#draft = text;
    this.#keepDraft();
  }
  get conversationId(): ConversationId | null {
    return this.#conversation?.id ?? null;
  }
  /** The shown branch, in order. While an answer is written it is the last, with the state `streaming`. */
  get path(): readonly Message[] {
    return this.#path;
  }
  get phase(): ChatPhase {
    return this.#phase;
  }
  /** Share of the prompt that has been read, 0 to 1, where the engine tells. */
  get prefillFraction(): number | null {
    return this.#prefillFraction;
  }
  get liveRate(): number | null {
    return this.#live?.rate ?? null;
  }
  /** Why the last thing that was tried could not be done. A failed answer carries its own failure instead. */
  get failure(): Failure | null {
    return this.#failure;
  }
  /** The address names a conversation that is not on this device. */
  get missing(): boolean {
    return this.#missing;
  }
  get opening(): boolean {
    return this.#opening;
  }

  dismissFailure(): void {
    this.#failure = null;
  }

  /** Reads a stored conversation; answers that a crash cut off are marked as interrupted. */
  async open(id: ConversationId): Promise<void> {
    this.#opening = true;
    try {
      await this.#read(id);
      await this.restoreDraft();
      await this.#markInterrupted(id);
    } catch (error) {
      this.#failure = failureFrom(error, 'storage-unavailable');
    } finally {
      this.#opening = false;
    }
  }

  /** Takes up what was typed here before, unless something has been typed meanwhile. */
  async restoreDraft(): Promise<void> {
    const draft = await this.parts.drafts?.read(this.#draftKey).catch(() => null);
    if (draft && this.#draft === '') this.#draft = draft.text;
  }

  /** Forgets what is typed without touching what is stored: the conversation is being deleted. */
  abandon(): void {
    this.stop();
    this.#draft = '';
  }

  /** Another tab wrote to this conversation. */
  async refresh(): Promise<void> {
    const id = this.conversationId;
    if (id === null || this.#writer !== null) return;
    // What another tab writes may be cut off by its death, of which nobody tells: so this one looks out for that too.
    await this.#read(id)
      .then(() => this.#markInterrupted(id))
      .catch(() => {});
  }

  async send(text: string): Promise<void> {
    if (text.trim() === '' || this.#phase !== 'idle') return;
    const question = this.#newQuestion(text, this.#conversation?.activeLeafId ?? null);
    await this.#answer([...this.path, question], [question]);
  }

  /** Asks again, perhaps another model or with other settings: a new version of the answer beside the old one. */
  async regenerate(answerId: MessageId, { model, settings }: RegenerateOptions = {}): Promise<void> {
    const answer = this.#messages.get(answerId);
    if (answer?.role !== 'assistant' || this.#phase !== 'idle') return;
    if (model) this.parts.model.choose(model);
    await this.#answer(branchTo(this.#messages, answer.parentId), [], undefined, settings);
  }

  /** Goes on where an answer was cut. */
  async continueAnswer(answerId: MessageId): Promise<void> {
    const answer = this.#messages.get(answerId);
    if (answer?.role === 'assistant') await this.#answer(branchTo(this.#messages, answerId), [], answer);
  }

  /** Asks a changed question: a new version beside the old one, which is kept with all that followed it. */
  async edit(questionId: MessageId, text: string): Promise<void> {
    const old = this.#messages.get(questionId);
    if (old?.role !== 'user' || text.trim() === '') return;
    const question = this.#newQuestion(text, old.parentId);
    await this.#answer([...branchTo(this.#messages, old.parentId), question], [question]);
  }

  /** Deletes a message and all that follows it. @returns the way back; null when it could not be done, see `failure` */
  deleteFrom(messageId: MessageId): Promise<Undo | null> {
    return this.#change(async (id) => (await edits()).deleteFrom(this.parts.repository, id, messageId));
  }

  /** Changes the words of an answer. @returns the way back; null when nothing was changed */
  editAnswer(answerId: MessageId, text: string): Promise<Undo | null> {
    return this.#change(async (id) => (await edits()).editAnswer(this.parts.repository, id, answerId, text));
  }

  /** Copies the branch up to a message into a new conversation. @returns its id; null when it could not be done */
  async fork(messageId: MessageId): Promise<ConversationId | null> {
    const { repository, changed, channel } = this.parts;
    const id = this.conversationId;
    if (id === null) return null;
    try {
      const copy = await (await edits()).fork(repository, id, messageId, (title) => m.fork_title({ title }));
      if (copy === null) return null;
      changed(copy);
      channel.announce(copy.id);
      return copy.id;
    } catch (error) {
      this.#failure = failureFrom(error, 'storage-unavailable');
      return null;
    }
  }

  stop(): void {
    this.#writer?.stop();
  }

  /** Called when the page goes away. Resolves when what has come so far is stored. */
  async flush(): Promise<void> {
    await this.#writer?.flush();
  }

  versions(id: MessageId): { readonly index: number; readonly count: number } {
    const versions = versionsOf(this.#messages, id);
    return { index: versions.findIndex((version) => version.id === id) + 1, count: versions.length };
  }

  async showVersion(id: MessageId, step: -1 | 1): Promise<void> {
    const versions = versionsOf(this.#messages, id);
    const next = versions[versions.findIndex((version) => version.id === id) + step];
    const conversation = this.#conversation;
    if (!next || conversation === null || this.#phase !== 'idle') return;
    const activeLeafId = newestLeafBelow(this.#messages, next.id);
    this.#conversation = { ...conversation, activeLeafId };
    try {
      const stored = await this.parts.repository.patch(conversation.id, () => ({ activeLeafId }));
      if (stored) this.#conversation = stored;
    } catch (error) {
      this.#failure = failureFrom(error, 'storage-unavailable');
    }
  }

  #newQuestion(text: string, parentId: MessageId | null): UserMessage {
    const conversation = this.#conversation ?? this.#newConversation(text);
    this.#conversation = conversation;
    const createdAt = Date.now();
    return { role: 'user', id: crypto.randomUUID(), conversationId: conversation.id, parentId, text, createdAt };
  }

  #newConversation(text: string): Conversation {
    const now = Date.now();
    return { id: crypto.randomUUID(), title: titleFrom(text), createdAt: now, updatedAt: now, activeLeafId: null };
  }

  get #draftKey(): string {
    return this.#stored ? (this.conversationId ?? newChat) : newChat;
  }

  #keepDraft(key = this.#draftKey): void {
    this.parts.drafts?.put({ id: key, text: this.#draft, attachmentIds: [], updatedAt: Date.now() });
  }

  /** Changes the stored conversation while nobody else writes to it, and shows the outcome. */
  async #change(work: (id: ConversationId) => Promise<Undo | null>): Promise<Undo | null> {
    const id = this.conversationId;
    if (id === null || this.#phase !== 'idle') return null;
    this.#failure = null;
    let undo: Undo | null = null;
    const show = async (): Promise<void> => {
      await this.#read(id);
      if (this.#conversation) this.parts.changed(this.#conversation);
      this.parts.channel.announce(id);
    };
    try {
      const free = await withConversationLock(id, async () => {
        undo = await work(id);
        await show();
      });
      if (!free) this.#failure = { kind: 'conversation-busy', technical: 'the lock is held by another tab' };
    } catch (error) {
      this.#failure = failureFrom(error, 'storage-unavailable');
    }
    // The way back may be taken when another conversation is on the screen: this session then still knows what to do.
    const back = undo as Undo | null;
    return back && (async () => back().then(show));
  }

  /** Writes an answer under the last message of `branch`, or goes on with `continued`, which is that last message. */
  async #answer(
    branch: readonly Message[],
    fresh: readonly Message[],
    continued?: AnswerMessage,
    settings?: ChatSettings,
  ): Promise<void> {
    const conversation = this.#conversation;
    if (conversation === null || this.#phase !== 'idle') return;
    this.#failure = null;
    this.#phase = 'waiting';
    try {
      const free = await withConversationLock(conversation.id, () =>
        this.#answerLocked(conversation, branch, fresh, continued, settings),
      );
      if (!free) this.#failure = { kind: 'conversation-busy', technical: 'the lock is held by another tab' };
    } catch (error) {
      this.#failure = failureFrom(error);
    } finally {
      this.#phase = 'idle';
      this.#prefillFraction = null;
    }
  }

  async #answerLocked(
    conversation: Conversation,
    branch: readonly Message[],
    fresh: readonly Message[],
    continued?: AnswerMessage,
    settings?: ChatSettings,
  ): Promise<void> {
    const { repository, model, channel, changed } = this.parts;
    const chosen = model.chosen;
    const live = new LiveAnswer(
      continued ?? {
        role: 'assistant',
        id: crypto.randomUUID(),
        conversationId: conversation.id,
        parentId: branch.at(-1)?.id ?? null,
        text: '',
        createdAt: Date.now(),
        state: 'streaming',
        modelId: chosen.id,
        modelName: chosen.name,
      },
    );
    const draftKey = this.#draftKey;
    const fields = { updatedAt: Date.now(), activeLeafId: live.id };
    // On disk before a word of the answer is asked for: a question that was sent is never lost.
    const started = await this.#store(conversation, fields, [...fresh, live.record()]);
    // Deleted in another tab: that is not undone by writing half of it anew. The words are still in the box.
    if (started === null) {
      this.#missing = true;
      return;
    }
    if (fresh.some((question) => question.text === this.#draft)) {
      this.#draft = '';
      this.#keepDraft(draftKey);
    }
    this.#live = live;
    this.#conversation = started;
    this.#put([...fresh, live.record()]);
    changed(started);
    channel.announce(started.id);

    const writer = new AnswerWriter(model, live, {
      phase: (phase, prefillFraction) => {
        this.#phase = phase;
        this.#prefillFraction = prefillFraction;
      },
      save: (record) => repository.writeMessage(record),
      saveFailed: (error) => (this.#failure = failureFrom(error, 'storage-unavailable')),
    });
    this.#writer = writer;
    const turns = turnsOf(branch, continued !== undefined);
    const record = await writer.write(turns, { ...chosen.sampling, ...settings?.sampling });
    this.#writer = null;
    this.#put([record]);
    this.#live = null;
    channel.announce(started.id);
    if (record.state === 'whole' && continued === undefined) this.parts.answered?.(record, turns);
  }

  /** Only what this answer changes is written over what is stored: a new title or tag from elsewhere stays. */
  async #store(
    conversation: Conversation,
    fields: Partial<Conversation>,
    messages: readonly Message[],
  ): Promise<Conversation | null> {
    if (this.#stored) return this.parts.repository.patch(conversation.id, () => fields, messages);
    const first = { ...conversation, ...fields };
    await this.parts.repository.write(first, messages);
    this.#stored = true;
    return first;
  }

  #put(messages: readonly Message[]): void {
    this.#messages = new Map([...this.#messages, ...messages.map((message) => [message.id, message] as const)]);
  }

  async #read(id: ConversationId): Promise<void> {
    const record = await this.parts.repository.read(id);
    this.#missing = record === null;
    this.#stored = record !== null;
    this.#conversation = record?.conversation ?? null;
    this.#messages = new Map(record?.messages.map((message) => [message.id, message]));
  }

  async #markInterrupted(id: ConversationId): Promise<void> {
    const isCut = (message: Message): message is AnswerMessage =>
      message.role === 'assistant' && message.state === 'streaming';
    if (![...this.#messages.values()].some(isCut)) return;
    const free = await withConversationLock(id, async () => {
      // Read again under the lock: the other tab may have finished its answer in between.
      await this.#read(id);
      const cut = [...this.#messages.values()]
        .filter(isCut)
        .map((answer) => ({ ...answer, state: 'interrupted' as const }));
      this.#put(cut);
      for (const answer of cut) await this.parts.repository.writeMessage(answer);
    });
    // Another tab is writing: look again when it has finished, or died.
    if (!free && !this.#waitingForLock) {
      this.#waitingForLock = true;
      void conversationIsFree(id).then(() => {
        this.#waitingForLock = false;
        return this.open(id);
      });
    }
  }
}

import type { ConversationId, Message, MessageId, UserMessage } from '../shared/domain/conversation';
import type { AttachmentId, AttachmentRef } from '../shared/domain/attachment';
import type { ChatSettings } from '../shared/domain/chat-settings';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import type { ModelDescriptor } from '../shared/domain/model';
import type { PersonaId } from '../shared/domain/persona';
import type { ConversationChanges } from '../storage/conversation-repository';
import type { DraftKeeper } from '../storage/draft-keeper';
import { loadPart } from '../ui/load-part';
import { Answering } from './answering.svelte';
import type { AnswerHow, AnsweringParts, AnswerOutcome, ChatPhase, ConversationState } from './answer-order';
import type { Undo } from './conversation-edits';
import type { AttachmentStore } from './files/attachment-store';
import { AttachmentTexts } from './files/attachment-texts';
import type { PendingFile } from './files/pending-file.svelte';
import type { PendingFiles } from './files/pending-files.svelte';
import { conversationGone, KeptConversation } from './kept-conversation.svelte';
import { branchTo, newestLeafBelow, type MessagesById } from '../shared/domain/message-tree';
import type { QuestionQueue } from './question-queue.svelte';
import { SessionDraft } from './session-draft.svelte';
import type { SessionEdits } from './session-edits';
import { SessionSettings, type SettingsSources } from './settings/session-settings.svelte';

export interface ChatSessionParts extends AnsweringParts {
  readonly settings: SettingsSources;
  readonly attachments: AttachmentStore;
  /** Keeps what is typed over reloads. */
  readonly drafts?: DraftKeeper;
}

/** What may be different when a question is answered again. */
export interface RegenerateOptions {
  readonly model?: ModelDescriptor;
  readonly settings?: ChatSettings;
}

/** One conversation on the screen: what is shown of it, and the verbs a person has. */
export class ChatSession {
  readonly settings: SessionSettings;
  readonly #kept: KeptConversation;
  readonly #draft: SessionDraft;
  readonly #fileTexts: AttachmentTexts;
  readonly #conversation: ConversationState;
  readonly #answering: Answering;
  #failure = $state.raw<Failure | null>(null);
  #opening = $state(false);
  #opened: Promise<void> = Promise.resolve();
  #sought = $state.raw<MessageId | null>(null);
  /** What is stored has perhaps been changed while an answer was written here. */
  #refreshDue = false;
  #refreshes = 0;
  readonly #path = $derived.by(() => {
    const branch = branchTo(this.#kept.messages, this.#kept.header?.activeLeafId ?? null);
    const { live } = this.#answering;
    return live === null ? branch : branch.map((message) => (message.id === live.id ? live : message));
  });

  readonly #written = $derived(
    this.#path.filter((message) => message.role === 'user' || message.state !== 'streaming'),
  );

  constructor(private readonly parts: ChatSessionParts) {
    const { repository, attachments, drafts } = parts;
    this.#kept = new KeptConversation(repository);
    this.#draft = new SessionDraft({ attachments, drafts, knownId: () => this.#kept.knownId });
    this.#fileTexts = new AttachmentTexts(attachments);
    this.settings = new SessionSettings(parts.settings);
    const { settings } = this;
    this.#conversation = { kept: this.#kept, draft: this.#draft, fileTexts: this.#fileTexts, settings };
    this.#answering = new Answering(parts, this.#conversation, (failure) => this.failed(failure));
  }

  /** What is typed and not sent. */
  get draft(): string {
    return this.#draft.text;
  }
  set draft(text: string) {
    this.#draft.text = text;
  }
  get files(): PendingFiles {
    return this.#draft.files;
  }
  get queue(): QuestionQueue {
    return this.#draft.queue;
  }
  /** It is kept nowhere, and goes when it is left. */
  get temporary(): boolean {
    return this.parts.temporary === true;
  }
  /** Nothing is typed, and no file or question waits. */
  get nothingInHand(): boolean {
    return this.#draft.isEmpty;
  }
  get conversationId(): ConversationId | null {
    return this.#kept.header?.id ?? null;
  }
  /** All branches, as they are stored. */
  get messages(): MessagesById {
    return this.#kept.messages;
  }
  /** The shown branch, in order. While an answer is written it is the last, with the state `streaming`. */
  get path(): readonly Message[] {
    return this.#path;
  }
  get phase(): ChatPhase {
    return this.#answering.phase;
  }
  /** How the last answer ended that was written in this visit. */
  get outcome(): AnswerOutcome | null {
    return this.#answering.outcome;
  }
  /** Share of the prompt that has been read, 0 to 1, where the engine tells. */
  get prefillFraction(): number | null {
    return this.#answering.prefillFraction;
  }
  get liveRate(): number | null {
    return this.#answering.live?.rate ?? null;
  }
  /** When the thought began that is being thought now, in ms of the page. */
  get thinkingSince(): number | null {
    return this.#answering.live?.thinkingSince ?? null;
  }
  /** The branch without the answer that is being written: what changes with every token must not make anyone count all again. */
  get written(): readonly Message[] {
    return this.#written;
  }
  /** Why the last thing that was tried could not be done. A failed answer carries its own failure instead. */
  get failure(): Failure | null {
    return this.#failure;
  }
  /** The address names a conversation that is not on this device. */
  get missing(): boolean {
    return this.#kept.missing;
  }
  /** What is shown is in the store no longer, so only this session has it. */
  get gone(): boolean {
    return this.#kept.gone;
  }
  /** Whether the store still has it is being found out. */
  get inDoubt(): boolean {
    return this.#refreshDue || this.#refreshes > 0;
  }
  get opening(): boolean {
    return this.#opening;
  }

  /** A message to be brought into view, once. */
  get sought(): MessageId | null {
    return this.#sought;
  }

  /** Null when another try begins. */
  failed(failure: Failure | null): void {
    this.#failure = failure;
  }

  dismissFailure(): void {
    this.#failure = null;
  }

  /** Reads a stored conversation; answers that a crash cut off are marked as interrupted. */
  open(id: ConversationId): Promise<void> {
    this.#opened = this.#open(id);
    return this.#opened;
  }

  async #open(id: ConversationId): Promise<void> {
    this.#opening = true;
    try {
      await this.read(id);
      await this.restoreDraft();
      await this.#kept.markInterrupted(id, () => void this.open(id));
    } catch (error) {
      this.#failure = failureFrom(error, 'storage-unavailable');
    } finally {
      this.#opening = false;
    }
  }

  /** Takes up what was typed here before, unless something has been typed meanwhile. */
  restoreDraft(): Promise<void> {
    return this.#draft.restore();
  }

  /** Forgets what is typed without touching what is stored: the conversation is being deleted. */
  abandon(): void {
    this.#draft.abandon();
    this.stop();
  }

  /** Another tab wrote to this conversation, or the store may have lost it. While an answer is written, that waits for its end. */
  async refresh(): Promise<void> {
    // One that was never stored has nothing to be read, and cannot be gone.
    const id = this.#kept.knownId;
    if (id === null) return;
    this.#refreshDue = this.phase !== 'idle';
    if (this.#refreshDue) return;
    // What another tab writes may be cut off by its death, of which nobody tells: so this one looks out for that too.
    this.#refreshes += 1;
    await this.read(id)
      .then(() => this.#kept.markInterrupted(id, () => void this.open(id)))
      .catch(() => {});
    this.#refreshes -= 1;
  }

  /** Writes a conversation that is gone from the store as it is shown, with the texts of files that are known. */
  async storeAgain(): Promise<void> {
    await (await this.#edits())?.storeAgain();
  }

  /** Asks a question with the files that wait, or puts it behind the answer that is being written. */
  async send(text: string, files = this.files.take()): Promise<void> {
    if (text.trim() === '' && files.length === 0) return;
    if (this.phase !== 'idle') {
      this.queue.add(text, files);
      this.draft = '';
      return;
    }
    if (!(await this.#ask(text, files))) this.files.putBack(files);
  }

  /** Sends the next question that waits, where the answer before it did not come to its end by itself. */
  async sendNext(): Promise<void> {
    if (this.phase !== 'idle') return;
    const next = this.queue.next();
    if (next && !(await this.#ask(next.text, next.files))) this.queue.putBack(next);
  }

  /** Takes a question out of the queue and into the composer again. */
  takeBack(id: number): void {
    const question = this.queue.remove(id);
    if (!question) return;
    this.#putInBox(question.text);
    this.files.putBack(question.files);
  }

  /** Asks again, perhaps another model or with other settings: a new version of the answer beside the old one. */
  async regenerate(answerId: MessageId, { model, settings }: RegenerateOptions = {}): Promise<void> {
    const answer = this.#kept.messages.get(answerId);
    if (answer?.role !== 'assistant' || this.phase !== 'idle') return;
    if (model) this.parts.model.choose(model);
    await this.#answer(branchTo(this.#kept.messages, answer.parentId), [], settings && { settings });
  }

  /** Goes on where an answer was cut. */
  async continueAnswer(answerId: MessageId): Promise<void> {
    const answer = this.#kept.messages.get(answerId);
    if (answer?.role === 'assistant')
      await this.#answer(branchTo(this.#kept.messages, answerId), [], { continued: answer });
  }

  /**
   * Asks a changed question: a new version beside the old one, which is kept with all that followed it. Words that cannot be stored
   * go to the box.
   */
  async edit(questionId: MessageId, text: string): Promise<void> {
    if (text.trim() !== '' && !(await this.#askChanged(questionId, text))) this.#putInBox(text);
  }

  async #askChanged(questionId: MessageId, text: string): Promise<boolean> {
    const old = this.#kept.messages.get(questionId);
    if (old?.role !== 'user') return false;
    const { attachments } = old;
    try {
      const asked = { ...(await this.#newQuestion(text, old.parentId)), ...(attachments && { attachments }) };
      return await this.#answer([...branchTo(this.#kept.messages, old.parentId), asked], [asked]);
    } catch (error) {
      this.#failure = failureFrom(error);
      return false;
    }
  }

  /** Above what is typed there. */
  #putInBox(text: string): void {
    this.draft = [text, this.draft].filter(Boolean).join('\n\n');
  }

  /** Deletes a message and all that follows it. @returns the way back; null when it could not be done, see `failure` */
  async deleteFrom(messageId: MessageId): Promise<Undo | null> {
    return (await this.#edits())?.deleteFrom(messageId) ?? null;
  }

  /** Changes the words of an answer. @returns the way back; null when nothing was changed */
  async editAnswer(answerId: MessageId, text: string): Promise<Undo | null> {
    return (await this.#edits())?.editAnswer(answerId, text) ?? null;
  }

  /** Copies the branch up to a message into a new conversation. @returns its id; null when it could not be done */
  async fork(messageId: MessageId): Promise<ConversationId | null> {
    return (await this.#edits())?.fork(messageId) ?? null;
  }

  /** Sets what this conversation does in a way of its own; an empty one takes all from persona and defaults. */
  async changeSettings(settings: ChatSettings): Promise<void> {
    this.settings.change(settings);
    await this.#keep({ settings: this.settings.fields.settings });
  }

  /** Null for none. Resolves when it has been read; that it could not be is told in `failure`. */
  async choosePersona(id: PersonaId | null): Promise<void> {
    this.settings.choosePersona(id);
    await this.#keep({ personaId: this.settings.fields.personaId });
    try {
      await this.settings.ready();
    } catch (error) {
      this.#failure = failureFrom(error);
    }
  }

  /** The texts of the files of this conversation, those that wait included. */
  async fileTexts(files: readonly PendingFile[]): Promise<ReadonlyMap<AttachmentId, string>> {
    const texts = new Map(await this.#fileTexts.of(this.#written));
    for (const file of files) texts.set(file.id, file.text);
    return texts;
  }

  /** What files are, where that is not text. */
  async pictures(files: readonly AttachmentRef[]): Promise<ReadonlyMap<AttachmentId, Blob>> {
    const { storedPictures } = await loadPart(() => import('./files/stored-pictures'));
    return storedPictures(this.#fileTexts, files);
  }

  stop(): void {
    this.#answering.stop();
  }

  /** Called when the page goes away. Resolves when what has come so far is stored. */
  flush(): Promise<void> {
    return this.#answering.flush();
  }

  /** Shows the newest branch that goes through a message. */
  async showBranchOf(id: MessageId): Promise<void> {
    if (this.phase !== 'idle') return;
    const activeLeafId = newestLeafBelow(this.#kept.messages, id);
    this.#kept.showLeaf(activeLeafId);
    try {
      await this.#kept.change({ activeLeafId });
    } catch (error) {
      this.#failure = failureFrom(error, 'storage-unavailable');
    }
  }

  /**
   * Brings a message into view, on the branch that it is on.
   * @returns false while an answer is being written on another branch
   */
  async showMessage(id: MessageId): Promise<boolean> {
    await this.#opened;
    // It may have been deleted since it was found.
    if (!this.#kept.messages.has(id)) return true;
    if (!this.#path.some((message) => message.id === id)) {
      if (this.phase !== 'idle') return false;
      await this.showBranchOf(id);
    }
    this.#sought = id;
    return true;
  }

  /** The message that was sought is in view. */
  found(): void {
    this.#sought = null;
  }

  /** @throws FailureError of a part that could not be loaded */
  async #newQuestion(
    text: string,
    parentId: MessageId | null,
    files: readonly PendingFile[] = [],
  ): Promise<UserMessage> {
    const { question, titleOf } = await loadPart(() => import('./question'));
    const conversation = this.#kept.begin(titleOf(text, files));
    for (const file of files) this.#fileTexts.put(file);
    return question(conversation.id, text, parentId, files);
  }

  /** @returns false when the question could not be stored; then it is still the person's to send */
  async #ask(text: string, files: readonly PendingFile[]): Promise<boolean> {
    try {
      const { tooLong } = await loadPart(() => import('./context/too-long'));
      this.#failure = tooLong(this, this.parts.model, text, files);
      if (this.#failure !== null || this.phase !== 'idle') return false;
      const asked = await this.#newQuestion(text, this.#kept.header?.activeLeafId ?? null, files);
      return await this.#answer([...this.path, asked], [asked], { files });
    } catch (error) {
      this.#failure = failureFrom(error);
      return false;
    }
  }

  /** Stores what this conversation sets for itself; before the first message, there is nothing to store it with. */
  async #keep(changes: ConversationChanges): Promise<void> {
    try {
      const stored = await this.#kept.change(changes);
      if (stored === null) return;
      this.parts.changed(stored);
      this.parts.channel.announce(stored.id);
    } catch (error) {
      this.#failure = failureFrom(error, 'storage-unavailable');
    }
  }

  /** Null where they could not be loaded, which is told. */
  async #edits(): Promise<SessionEdits | null> {
    try {
      const { SessionEdits: Edits } = await loadPart(() => import('./session-edits'));
      return new Edits(this.parts, this.#conversation, this);
    } catch (error) {
      this.failed(failureFrom(error));
      return null;
    }
  }

  /**
   * Writes an answer under the last message of `branch`, and then to the questions that wait.
   * @returns whether it was begun: `fresh` is stored then, whatever became of the answer
   */
  async #answer(branch: readonly Message[], fresh: readonly Message[], how: AnswerHow = {}): Promise<boolean> {
    const { header } = this.#kept;
    if (header === null || this.phase !== 'idle') return false;
    this.#failure = null;
    const answer = await this.#answering.write({ header, branch, fresh, ...how });
    // Before the next question: it could not be stored in a conversation that is gone.
    if (this.#refreshDue) await this.refresh();
    // Not awaited: whoever asked this question has got what they asked for.
    if (answer?.state === 'whole' && answer.finishReason !== 'cancelled') void this.sendNext();
    else this.queue.hold();
    return answer !== null;
  }

  /** Shows what is stored. */
  async read(id: ConversationId): Promise<void> {
    await this.#kept.read(id);
    if (this.#kept.gone) this.#failure = conversationGone;
    else if (this.#failure?.kind === 'conversation-gone') this.#failure = null;
    if (this.#kept.header) this.settings.read(this.#kept.header);
  }
}

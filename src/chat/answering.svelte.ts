import type { AnswerMessage, Conversation, Message } from '../shared/domain/conversation';
import type { ChatSettings } from '../shared/domain/chat-settings';
import { newChat } from '../shared/domain/draft';
import type { ChatTurn } from '../shared/protocol/engine';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { ConversationChannel } from '../storage/conversation-channel';
import type { ConversationRepository } from '../storage/conversation-repository';
import { loadPart } from '../ui/load-part';
import type { AnswerWriter } from './answer-writer';
import { withConversationLock } from './conversation-lock';
import type { AttachmentTexts } from './files/attachment-texts';
import type { PendingFile } from './files/pending-files.svelte';
import { conversationGone, type KeptConversation } from './kept-conversation.svelte';
import { LiveAnswer } from './live-answer.svelte';
import type { SessionDraft } from './session-draft.svelte';
import { ignoresSettings } from './settings/resolve-settings';
import type { SessionSettings } from './settings/session-settings.svelte';

/** How the last answer here came to its end. */
export type AnswerOutcome = 'whole' | 'stopped' | 'failed';

export type ChatPhase = 'idle' | 'waiting' | 'loading-model' | 'summarising' | 'reading' | 'writing';

export interface AnswerHow {
  /** The answer that is gone on with, the last of the branch. */
  readonly continued?: AnswerMessage;
  /** For this answer alone. */
  readonly settings?: ChatSettings;
  /** Sent with the question. */
  readonly files?: readonly PendingFile[];
}

/** Who has to do with every answer of a conversation. */
export interface AnsweringParts {
  readonly repository: ConversationRepository;
  readonly channel: Pick<ConversationChannel, 'announce' | 'listen'>;
  readonly model: ActiveModel;
  /** Told after each change of the stored conversation, the first included. */
  readonly changed: (conversation: Conversation) => void;
  /** Told when an answer is whole, with the turns that it was an answer to. */
  readonly answered?: (answer: AnswerMessage, turns: readonly ChatTurn[]) => void;
  /** Nothing of this conversation may reach the disk. */
  readonly temporary?: boolean;
}

/** What of the conversation an answer is written from and into. */
interface ConversationState {
  readonly kept: KeptConversation;
  readonly draft: SessionDraft;
  readonly fileTexts: AttachmentTexts;
  readonly settings: SessionSettings;
}

const outcomeOf = (record: AnswerMessage | null): AnswerOutcome => {
  if (record?.state !== 'whole') return 'failed';
  return record.finishReason === 'cancelled' ? 'stopped' : 'whole';
};

/** The answer that is being written in a conversation: from the question that is stored to the last word. One at a time. */
export class Answering {
  #live = $state.raw<LiveAnswer | null>(null);
  #phase = $state<ChatPhase>('idle');
  #prefillFraction = $state<number | null>(null);
  #outcome = $state<AnswerOutcome | null>(null);
  #writer: AnswerWriter | null = null;
  /** Wanted while there was no writer yet. */
  #stopWanted = false;

  /** @param failed told what went wrong beside the answer, which carries its own failure */
  constructor(
    private readonly parts: AnsweringParts,
    private readonly conversation: ConversationState,
    private readonly failed: (failure: Failure) => void,
  ) {}

  get phase(): ChatPhase {
    return this.#phase;
  }
  /** Share of the prompt that has been read, 0 to 1, where the engine tells. */
  get prefillFraction(): number | null {
    return this.#prefillFraction;
  }
  /** Null before the first answer of this visit. */
  get outcome(): AnswerOutcome | null {
    return this.#outcome;
  }
  get live(): LiveAnswer | null {
    return this.#live;
  }

  stop(): void {
    this.#stopWanted = true;
    this.#writer?.stop();
  }

  /** Resolves when what has come so far is stored. */
  async flush(): Promise<void> {
    await this.#writer?.flush();
  }

  /**
   * Writes an answer under the last message of `branch`; called only in the phase `idle`.
   * @returns the answer, whatever became of it; null when it was not begun: `fresh` is not stored then
   */
  async write(
    header: Conversation,
    branch: readonly Message[],
    fresh: readonly Message[],
    how: AnswerHow,
  ): Promise<AnswerMessage | null> {
    this.#phase = 'waiting';
    this.#stopWanted = false;
    let record: AnswerMessage | null = null;
    try {
      const free = await withConversationLock(header.id, async () => {
        record = await this.#writeLocked(header, branch, fresh, how);
      });
      if (!free) this.failed({ kind: 'conversation-busy', technical: 'the lock is held by another tab' });
    } catch (error) {
      this.failed(failureFrom(error));
      record = await this.#cutOff();
    } finally {
      this.#outcome = outcomeOf(record);
      this.#phase = 'idle';
      this.#prefillFraction = null;
      this.#writer = null;
      this.#live = null;
    }
    return record;
  }

  /** The answer that was being written stands in the store as one that still is, which nobody does any more. */
  async #cutOff(): Promise<AnswerMessage | null> {
    if (this.#live === null) return null;
    const cut: AnswerMessage = { ...this.#live.record(), state: 'interrupted' };
    this.conversation.kept.put([cut]);
    await this.parts.repository.writeMessage(cut).catch(() => {});
    return cut;
  }

  /** @returns null when the conversation is gone; the words of the question are still in the box then */
  async #writeLocked(
    header: Conversation,
    branch: readonly Message[],
    fresh: readonly Message[],
    { continued, settings, files = [] }: AnswerHow,
  ): Promise<AnswerMessage | null> {
    const { repository, model, channel, changed, answered, temporary = false } = this.parts;
    const { kept, draft, fileTexts, settings: wishes } = this.conversation;
    // First of all: where the network is gone before this part has come, the question must stay in the box.
    const { AnswerWriter } = await loadPart(() => import('./answer-writer'));
    const chosen = model.chosen;
    const live = new LiveAnswer(
      continued ?? {
        role: 'assistant',
        id: crypto.randomUUID(),
        conversationId: header.id,
        parentId: branch.at(-1)?.id ?? null,
        text: '',
        createdAt: Date.now(),
        state: 'streaming',
        modelId: chosen.id,
        modelName: chosen.name,
      },
    );
    await wishes.ready().catch((error: unknown) => {
      // It is asked without any of them.
      if (!ignoresSettings(chosen)) throw error;
    });
    const draftKey = draft.key;
    // Later they are stored when they are changed; another tab may have changed them since.
    const settingsFields = draftKey === newChat ? wishes.fields : {};
    const changes = { ...settingsFields, updatedAt: Date.now(), activeLeafId: live.id };
    const records = files.map((file) => file.record(header.id));
    // On disk before a word of the answer is asked for: a question that was sent is never lost.
    const started = await kept.store(changes, [...fresh, live.record()], records);
    if (started === null) {
      this.failed(conversationGone);
      return null;
    }
    if (fresh.some((question) => question.text === draft.text)) draft.text = '';
    draft.moveFrom(draftKey);
    this.#live = live;
    changed(started);
    channel.announce(started.id);

    const writer = new AnswerWriter(model, live, {
      phase: (phase, prefillFraction) => {
        this.#phase = phase;
        this.#prefillFraction = prefillFraction;
      },
      save: (record) => repository.writeMessage(record),
      saveFailed: (error) => this.failed(failureFrom(error, 'storage-unavailable')),
    });
    this.#writer = writer;
    if (this.#stopWanted) writer.stop();
    const record = await writer.write({
      branch,
      continued: continued !== undefined,
      temporary,
      fileTexts: await fileTexts.of(branch),
      settingsFor: (wanted) => wishes.resolve(wanted, settings),
    });
    kept.put([record]);
    this.#writer = null;
    this.#live = null;
    channel.announce(started.id);
    if (record.state === 'whole' && continued === undefined) answered?.(record, writer.turns);
    return record;
  }
}

import type { AnswerMessage } from '../shared/domain/conversation';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import { loadPart } from '../ui/load-part';
import type { AnswerWriter } from './answer-writer';
import { withConversationLock } from './conversation-lock';
import type { LiveAnswer } from './live-answer.svelte';
import type { AnswerOutcome, ChatPhase, AnsweringParts, ConversationState, AnswerOrder } from './answer-order';

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
   * Writes an answer; called only in the phase `idle`.
   * @returns the answer, whatever became of it; null when it was not begun: what is fresh is not stored then
   */
  async write(order: AnswerOrder): Promise<AnswerMessage | null> {
    this.#phase = 'waiting';
    this.#stopWanted = false;
    let record: AnswerMessage | null = null;
    try {
      const free = await withConversationLock(order.header.id, async () => {
        record = await this.#writeLocked(order);
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

  async #writeLocked(order: AnswerOrder): Promise<AnswerMessage | null> {
    // First of all: where the network is gone before this part has come, the question must stay in the box.
    const { writeAnswer } = await loadPart(() => import('./write-answer'));
    return writeAnswer(this.parts, this.conversation, order, {
      began: (live, writer) => {
        this.#live = live;
        this.#writer = writer;
        if (this.#stopWanted) writer.stop();
      },
      phase: (phase, prefillFraction) => {
        this.#phase = phase;
        this.#prefillFraction = prefillFraction;
      },
      ended: () => {
        this.#writer = null;
        this.#live = null;
      },
      failed: this.failed,
    });
  }
}

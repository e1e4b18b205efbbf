import type { AnswerMessage, MessageId } from '../contracts/conversation';
import type { ChatTurn, GenerationOutcome, SamplingOptions } from '../contracts/engine';
import type { Failure, Result } from '../contracts/failure';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { LiveAnswer } from './live-answer.svelte';

/** An answer is on disk at least this often while it is written, in ms: a crash costs no more. */
const saveIntervalMs = 800;

type AnswerPhase = 'waiting' | 'loading-model' | 'reading' | 'writing';

interface AnswerWriterListener {
  phase(phase: AnswerPhase, prefillFraction: number | null): void;
  /** Writes a record to the store. A rejection is told once and does not stop the answer: the words are still on the screen. */
  save(record: AnswerMessage): Promise<void>;
  saveFailed(error: unknown): void;
}

/** Writes one answer: waits for the engine, loads the model if need be, generates, and stores what comes as it comes. */
export class AnswerWriter {
  #stopped = false;
  #writing = false;
  #lastSavedAt = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly model: ActiveModel,
    readonly answer: LiveAnswer,
    private readonly listener: AnswerWriterListener,
  ) {}

  /** Resolves with the finished record, stored. Never rejects. */
  async write(turns: readonly ChatTurn[], sampling: SamplingOptions): Promise<AnswerMessage> {
    this.listener.phase('waiting', null);
    const record = await this.model.inTurn(() => this.#writeInTurn(turns, sampling));
    await this.#save(record);
    return record;
  }

  /** Ends the answer at any moment; what has come so far is kept. */
  stop(): void {
    this.#stopped = true;
    if (this.#writing) void this.model.client.cancel(this.answer.id);
    else this.model.cancelLoad();
  }

  /** Stores what has come so far, for the moment in which the page goes away. Never rejects. */
  flush(): Promise<void> {
    return this.#save(this.answer.record());
  }

  async #writeInTurn(turns: readonly ChatTurn[], sampling: SamplingOptions): Promise<AnswerMessage> {
    if (this.#stopped) return this.#cancelled();
    this.listener.phase('loading-model', null);
    const loaded = await this.model.load();
    if (this.#stopped) return this.#cancelled();
    if (!loaded.ok) return this.#failed(loaded.failure);
    this.listener.phase('reading', null);
    const jobId: MessageId = this.answer.id;
    this.#writing = true;
    const result = await this.model.client.generate({ jobId, turns, sampling }, (event) => {
      if (event.type === 'prefill-progress') {
        this.listener.phase('reading', event.total > 0 ? event.processed / event.total : null);
      } else {
        this.listener.phase('writing', null);
        this.answer.append(event.text, event.tokens);
        if (performance.now() - this.#lastSavedAt >= saveIntervalMs) void this.flush();
      }
    });
    this.#writing = false;
    return this.#finished(result, `${loaded.value.engine} · ${loaded.value.backend}`);
  }

  #finished(result: Result<GenerationOutcome>, backend: string): AnswerMessage {
    if (result.ok) {
      const { finishReason, figures } = result.value;
      return { ...this.answer.record(), state: 'whole', finishReason, figures, backend };
    }
    // The worker had to be terminated to stop it: for the person that is a stopped answer, not a failed one.
    return this.#stopped ? this.#cancelled() : this.#failed(result.failure);
  }

  #cancelled(): AnswerMessage {
    return { ...this.answer.record(), state: 'whole', finishReason: 'cancelled' };
  }

  #failed(failure: Failure): AnswerMessage {
    return { ...this.answer.record(), state: 'failed', failure };
  }

  /** One write at a time and in order: an older text must never overwrite a newer one. */
  #save(record: AnswerMessage): Promise<void> {
    this.#lastSavedAt = performance.now();
    this.#saving = this.#saving
      .then(() => this.listener.save(record))
      .catch((error: unknown) => this.listener.saveFailed(error));
    return this.#saving;
  }
}

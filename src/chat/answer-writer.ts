import type { AttachmentId, AttachmentRef } from '../shared/domain/attachment';
import type { AnswerMessage, ContextTreatment, Message, MessageId } from '../shared/domain/conversation';
import type { ChatTurn, GenerationOutcome, LoadedModel } from '../shared/protocol/engine';
import type { Failure, Result } from '../shared/protocol/failure';
import type { ModelDescriptor } from '../shared/domain/model';
import type { ActiveModel } from '../engine/active-model.svelte';
import { preparePrompt, type Prompt } from './context/prepare-prompt';
import { estimateOf } from './context/prompt-size';
import { tokenFactor } from './context/estimate-tokens';
import { findSources, withSources, type AnswerSources, type QuestionDocuments } from './documents/answer-places';
import type { LiveAnswer } from './live-answer.svelte';
import { hears, mediaFrom, sees, takesMedia } from './context/turn-media';
import { attached, isMedia } from './files/attachment-texts';
import { shownTo, turnsOf, type PromptParts } from './prompt';
import { honoredBy } from '../engine/honored-settings';
import { ignoresSettings, settingsOf, type ResolvedSettings } from './settings/resolve-settings';

/** An answer is on disk at least this often while it is written, in ms: a crash costs no more. */
const saveIntervalMs = 800;

/** A prompt that the engine finds too long is cut again, by what it said; more often than this it would never fit. */
const mostAttempts = 3;

type AnswerPhase = 'waiting' | 'loading-model' | 'searching' | 'summarizing' | 'reading' | 'writing';

interface AnswerWriterListener {
  phase(phase: AnswerPhase, prefillFraction: number | null): void;
  /** Writes a record to the store. A rejection is told once and does not stop the answer: the words are still on the screen. */
  save(record: AnswerMessage): Promise<void>;
  saveFailed(error: unknown): void;
}

export interface AnswerJob {
  /** Ends with the question, or with the answer that is continued. */
  readonly branch: readonly Message[];
  readonly continued: boolean;
  /** The engine then keeps nothing of what it has read on the device. */
  readonly temporary: boolean;
  readonly fileTexts: ReadonlyMap<AttachmentId, string>;
  /** Those and sounds; asked only for a model that takes one or the other. */
  pictures(branch: readonly Message[]): Promise<ReadonlyMap<AttachmentId, Blob>>;
  /** What is searched for the question; null for nothing. */
  readonly documents: QuestionDocuments | null;
  /** Asked when the model is loaded: another may have been chosen while this answer waited. */
  settingsFor(model: ModelDescriptor): ResolvedSettings;
}

interface PromptWishes {
  readonly settings: ResolvedSettings;
  readonly media: PromptParts['media'] | undefined;
}

const technical = 'the engine says so of the loaded model';

const filesOfQuestion = (branch: readonly Message[]): readonly AttachmentRef[] => {
  const question = branch.findLast(({ role }) => role === 'user');
  return question ? attached(question) : [];
};

/** Whoever asks about a picture or a sound must not get an answer from a model that has never met it. */
function senseless(branch: readonly Message[], model: ActiveModel): Failure | null {
  const files = filesOfQuestion(branch);
  if (files.some(({ picture }) => picture) && !sees(model)) return { kind: 'model-cannot-see', technical };
  return files.some(({ sound }) => sound) && !hears(model) ? { kind: 'model-cannot-hear', technical } : null;
}

/**
 * A picture or a sound of the question that cannot be read any more: an answer without it would be to another question. Asked of
 * questions that the model takes.
 */
function lostMedia(branch: readonly Message[], media: NonNullable<PromptParts['media']>): Failure | null {
  const lost = filesOfQuestion(branch).find((file) => isMedia(file) && media(file) === null);
  if (!lost) return null;
  const kind = lost.picture ? 'picture-unreadable' : 'sound-unreadable';
  return { kind, technical: `${lost.id} is not in the store, or of no kind that is kept there`, subject: lost.name };
}

/** Writes one answer: waits for the engine, loads the model if need be, generates, and stores what comes as it comes. */
export class AnswerWriter {
  #stopped = false;
  /** What the engine is doing for this answer now, by the name under which it can be cancelled. */
  #job: MessageId | null = null;
  readonly #searching = new AbortController();
  #lastSavedAt = 0;
  #saving: Promise<void> = Promise.resolve();
  #turns: readonly ChatTurn[] = [];

  constructor(
    private readonly model: ActiveModel,
    readonly answer: LiveAnswer,
    private readonly listener: AnswerWriterListener,
  ) {}

  /** What the engine was given; empty before. */
  get turns(): readonly ChatTurn[] {
    return this.#turns;
  }

  /** Resolves with the finished record, stored. Never rejects. */
  async write(job: AnswerJob): Promise<AnswerMessage> {
    this.listener.phase('waiting', null);
    const record = await this.model.inTurn(() => this.#writeInTurn(job));
    await this.#save(record);
    return record;
  }

  /** Ends the answer at any moment; what has come so far is kept. */
  stop(): void {
    this.#stopped = true;
    this.#searching.abort();
    if (this.#job !== null) void this.model.client.cancel(this.#job);
    else this.model.cancelLoad();
  }

  /** Stores what has come so far, for the moment in which the page goes away. Never rejects. */
  flush(): Promise<void> {
    return this.#save(this.answer.record());
  }

  async #writeInTurn(job: AnswerJob): Promise<AnswerMessage> {
    if (this.#stopped) return this.#cancelled();
    this.listener.phase('loading-model', null);
    // Before the load: not even the question which models it has may reach a server that is not wanted.
    const unwanted = refusal(job, this.model.chosen);
    if (unwanted) return this.#failed(unwanted);
    const loaded = await this.model.load();
    if (this.#stopped) return this.#cancelled();
    if (!loaded.ok) return this.#failed(loaded.failure);
    const model = this.model.chosen;
    const unwantedNow = refusal(job, model);
    if (unwantedNow) return this.#failed(unwantedNow);
    this.answer.writtenBy(model);
    const settings = job.settingsFor(model);
    const lack = senseless(job.branch, this.model);
    if (lack) return this.#failed(lack);
    const media = takesMedia(this.model)
      ? mediaFrom(await job.pictures(shownTo(model, job.branch)), this.model)
      : undefined;
    const unread = media && lostMedia(job.branch, media);
    if (unread) return this.#failed(unread);
    const sources = await this.#findSources(job, settings, model, loaded.value);
    if (this.#stopped) return this.#cancelled();
    const branch = withSources(job.branch, sources);
    let refused: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const prompt = await this.#prompt(job, branch, { settings, media }, model, loaded.value, refused);
      if (this.#stopped) return this.#cancelled();
      if (!prompt.ok) return this.#failed(prompt.failure);
      const result = await this.#generate(prompt.value, settings, loaded.value, job.temporary);
      refused = result.ok ? undefined : tokensRefused(result.failure);
      if (refused === undefined || settings.contextPolicy === 'stop' || attempt === mostAttempts)
        return this.#finished(result, settings, loaded.value, treatmentToTell(model, prompt.value));
    }
  }

  #prompt(
    { continued, fileTexts }: AnswerJob,
    branch: readonly Message[],
    { settings: { systemPrompt, sampling, contextPolicy }, media }: PromptWishes,
    model: ModelDescriptor,
    { contextTokens }: LoadedModel,
    refused: number | undefined,
  ): Promise<Result<Prompt>> {
    this.listener.phase('reading', null);
    const parts = { systemPrompt, fileTexts, ...(media && { media }) };
    return preparePrompt(
      {
        branch: shownTo(model, branch),
        continued,
        modelId: model.id,
        parts,
        policy: contextPolicy,
        maxTokens: sampling.maxTokens,
      },
      {
        contextTokens,
        count: (turns) => this.#count(turns),
        write: (turns, maxTokens) => this.#summarise(turns, maxTokens),
        ...(refused !== undefined && { refused }),
      },
    );
  }

  /** An answer that is gone on with keeps what it was begun with. Null where nothing is searched. */
  async #findSources(
    { branch, continued, documents, fileTexts }: AnswerJob,
    { systemPrompt, sampling, contextPolicy }: ResolvedSettings,
    model: ModelDescriptor,
    { contextTokens }: LoadedModel,
  ): Promise<AnswerSources | null> {
    if (continued) return this.answer.sources;
    if (documents === null) return null;
    const { signal } = this.#searching;
    const factor = tokenFactor(branch, model.id);
    const tell = (fraction: number | null): void => this.listener.phase('searching', fraction);
    // Older turns give way to passages, unless the person wants all of them in the prompt.
    const kept = contextPolicy === 'stop' ? branch : branch.slice(-1);
    const beside = turnsOf(shownTo(model, kept), false, { systemPrompt, fileTexts });
    const sources = await findSources(documents, branch, signal, tell, {
      contextTokens,
      maxTokens: sampling.maxTokens,
      factor,
      otherTokens: async () => (await this.#count(beside)) ?? Math.ceil(estimateOf(beside, factor)),
      count: (content) => this.#count([{ role: 'user', content }]),
      cannotUse: ignoresSettings(model),
    });
    if (sources) {
      this.answer.drawsOn(sources);
      void this.flush();
    }
    return sources;
  }

  async #count(turns: readonly ChatTurn[]): Promise<number | null> {
    // The name under which the client knows it: an engine that hangs while it counts can be stopped, too.
    this.#job = 'count';
    const counted = await this.model.client.countTokens(turns);
    this.#job = null;
    return counted.ok ? counted.value : null;
  }

  async #summarise(turns: readonly ChatTurn[], maxTokens: number): Promise<Result<string>> {
    const jobId = `${this.answer.id}:summary`;
    this.listener.phase('summarizing', null);
    this.#job = jobId;
    let text = '';
    // Greedy: a summary is no place for ideas.
    const request = { jobId, turns, sampling: { temperature: 0, maxTokens }, thinking: 'off' as const };
    const result = await this.model.client.generate(request, (event) => {
      if (event.type === 'text') text += event.text;
    });
    this.#job = null;
    return result.ok ? { ok: true, value: text } : result;
  }

  async #generate(
    { turns }: Prompt,
    { sampling, thinking }: ResolvedSettings,
    { engine }: LoadedModel,
    temporary: boolean,
  ): Promise<Result<GenerationOutcome>> {
    const jobId: MessageId = this.answer.id;
    this.listener.phase('reading', null);
    this.#turns = turns;
    this.#job = jobId;
    const request = {
      jobId,
      turns,
      sampling: honoredBy(engine, sampling),
      ...(thinking && { thinking }),
      ...(!temporary && { conversationId: this.answer.conversationId }),
    };
    const result = await this.model.client.generate(request, (event) => {
      if (event.type === 'prefill-progress') {
        this.listener.phase('reading', event.total > 0 ? event.processed / event.total : null);
      } else {
        this.listener.phase('writing', null);
        this.answer.append(event.text, event.tokens);
        if (performance.now() - this.#lastSavedAt >= saveIntervalMs) void this.flush();
      }
    });
    this.#job = null;
    return result;
  }

  #finished(
    result: Result<GenerationOutcome>,
    settings: ResolvedSettings,
    loaded: LoadedModel,
    context: ContextTreatment | undefined,
  ): AnswerMessage {
    if (result.ok) {
      const { finishReason, figures } = result.value;
      const record: AnswerMessage = {
        ...this.answer.record(),
        state: 'whole',
        finishReason,
        // Stopped before the first token, nothing of it was measured.
        ...(figures.completionTokens > 0 && { figures }),
      };
      // Of a server, the model's name tells where it is; how it computes there, nobody knows.
      const backend = loaded.engine === 'server' ? 'server' : `${loaded.engine} · ${loaded.backend}`;
      return { ...record, backend, settings: settingsOf(settings), ...(context && { context }) };
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

/** Why a model may not answer in this chat; null where it may. */
const refusal = (job: AnswerJob, model: ModelDescriptor): Failure | null =>
  model.source.kind === 'server' && job.settingsFor(model).onlyHere
    ? { kind: 'server-unwanted', technical: 'the chat is set to this device', subject: model.source.address }
    : null;

/** Of a model that is never shown all of a conversation, nobody needs to know that a turn of it was left out. */
const treatmentToTell = ({ recalledQuestions }: ModelDescriptor, { context }: Prompt): ContextTreatment | undefined =>
  recalledQuestions === undefined ? context : undefined;

const tokensRefused = ({ kind, numbers }: Failure): number | undefined =>
  kind === 'context-exceeded' ? numbers?.promptTokens : undefined;

import type { AnswerMessage } from '../shared/domain/conversation';
import { splitThinking } from '../shared/domain/thinking';
import type { AnswerSources } from './documents/answer-places';

/** An answer while it is written: the one message that changes on the screen, so that the list around it need not. */
export class LiveAnswer implements AnswerMessage {
  readonly role = 'assistant';
  readonly state = 'streaming';
  readonly id;
  readonly conversationId;
  readonly parentId;
  readonly createdAt;
  /** What stays true of an answer that is gone on with. */
  readonly #before: Pick<AnswerMessage, 'edited' | 'continued'>;
  text = $state('');
  /** Tokens so far, and when the first was shown (ms of the page), for the live rate. */
  tokens = $state(0);
  /** Set once the thought has come to its end. */
  thinkingMs = $state<number | undefined>();
  #model = $state.raw({ id: '', name: '' });
  #sources = $state.raw<AnswerSources | null>(null);
  #firstTokenAt: number | null = null;
  #lastTokenAt = 0;
  #thinkingBegan = $state<number | null>(null);

  constructor(start: AnswerMessage) {
    this.id = start.id;
    this.conversationId = start.conversationId;
    this.parentId = start.parentId;
    this.createdAt = start.createdAt;
    this.#before = { ...(start.edited && { edited: true }), ...(start.text !== '' && { continued: true }) };
    this.#model = { id: start.modelId, name: start.modelName };
    this.text = start.text;
    this.thinkingMs = start.thinkingMs;
    const { places = [], search } = start;
    this.#sources = search ? { places, search } : null;
  }

  /** What it draws on of the person's own files; null where nothing was searched. */
  get sources(): AnswerSources | null {
    return this.#sources;
  }
  get places(): AnswerMessage['places'] {
    return this.#sources?.places;
  }
  get search(): AnswerMessage['search'] {
    return this.#sources?.search;
  }

  drawsOn(sources: AnswerSources): void {
    this.#sources = sources;
  }

  get modelId(): string {
    return this.#model.id;
  }
  get modelName(): string {
    return this.#model.name;
  }
  /** When the thought began that is still being thought, in ms of the page; null while there is none. */
  get thinkingSince(): number | null {
    return this.thinkingMs === undefined ? this.#thinkingBegan : null;
  }

  /** The model that really writes it: another may have been chosen while this answer waited. */
  writtenBy(model: { readonly id: string; readonly name: string }): void {
    this.#model = { id: model.id, name: model.name };
  }

  append(text: string, tokens: number): void {
    this.#lastTokenAt = performance.now();
    this.#firstTokenAt ??= this.#lastTokenAt;
    this.text += text;
    this.tokens = tokens;
    if (this.thinkingMs === undefined) this.#timeThought(text);
  }

  /** Tokens per second as they arrive at the page; null until two batches came. The engine's own figures replace it at the end. */
  get rate(): number | null {
    const tokens = this.tokens;
    const milliseconds = this.#firstTokenAt === null ? 0 : this.#lastTokenAt - this.#firstTokenAt;
    return tokens > 1 && milliseconds > 0 ? ((tokens - 1) * 1000) / milliseconds : null;
  }

  /** A plain record for the store: no proxy, no methods. */
  record(): AnswerMessage {
    const { role, id, conversationId, parentId, createdAt, modelId, modelName, state, text, thinkingMs } = this;
    const own = { id, conversationId, parentId, createdAt, modelId, modelName, text };
    const record: AnswerMessage = { role, state, ...own, ...this.#before, ...this.#sources };
    return thinkingMs === undefined ? record : { ...record, thinkingMs };
  }

  #timeThought(fresh: string): void {
    const begun = this.#thinkingBegan !== null;
    // Only the beginning can open a thought; and every mark that closes one ends with one of these.
    const mayClose = /[>\]▷]/.test(fresh);
    if (!mayClose && (begun || this.text.length > fresh.length + 20)) return;
    const { thinking, open } = splitThinking(this.text, true);
    // A thought whose opener stood in the prompt is known as one only by its end.
    if (open || thinking !== null) this.#thinkingBegan ??= this.#firstTokenAt;
    if (!open && thinking !== null && this.#thinkingBegan !== null)
      this.thinkingMs = Math.round(this.#lastTokenAt - this.#thinkingBegan);
  }
}

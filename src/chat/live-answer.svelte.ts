import type { AnswerMessage } from '../contracts/conversation';

/** An answer while it is written: the one message that changes on the screen, so that the list around it need not. */
export class LiveAnswer implements AnswerMessage {
  readonly role = 'assistant';
  readonly state = 'streaming';
  readonly id;
  readonly conversationId;
  readonly parentId;
  readonly createdAt;
  readonly modelId;
  readonly modelName;
  text = $state('');
  /** Tokens so far, and when the first was shown (ms of the page), for the live rate. */
  tokens = $state(0);
  #firstTokenAt: number | null = null;
  #lastTokenAt = 0;

  constructor(start: AnswerMessage) {
    this.id = start.id;
    this.conversationId = start.conversationId;
    this.parentId = start.parentId;
    this.createdAt = start.createdAt;
    this.modelId = start.modelId;
    this.modelName = start.modelName;
    this.text = start.text;
  }

  append(text: string, tokens: number): void {
    this.#lastTokenAt = performance.now();
    this.#firstTokenAt ??= this.#lastTokenAt;
    this.text += text;
    this.tokens = tokens;
  }

  /** Tokens per second as they arrive at the page; null until two batches came. The engine's own figures replace it at the end. */
  get rate(): number | null {
    const tokens = this.tokens;
    const milliseconds = this.#firstTokenAt === null ? 0 : this.#lastTokenAt - this.#firstTokenAt;
    return tokens > 1 && milliseconds > 0 ? ((tokens - 1) * 1000) / milliseconds : null;
  }

  /** A plain record for the store: no proxy, no methods. */
  record(): AnswerMessage {
    const { role, id, conversationId, parentId, createdAt, modelId, modelName, state, text } = this;
    return { role, id, conversationId, parentId, createdAt, modelId, modelName, state, text };
  }
}

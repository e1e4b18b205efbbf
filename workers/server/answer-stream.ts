/** The pieces of an answer as OpenAI's chunks tell them, brought to the text that every engine gives. */
import type { ServerConnection } from '../../src/shared/domain/server';
import { type Fields, fieldsOf, isFields } from '../../src/shared/domain/fields';
import { FailureError } from '../../src/shared/protocol/failure';
import type { ServerFigures } from '../../src/shared/protocol/engine';
import type { EngineResult, TokenSink } from '../engine/engine';
import { errorWords, kindOf } from './server-failures';

/** What a server answers behind its answers. */
export const endOfStream = '[DONE]';

/** Reads the chunks of one answer. */
export class AnswerStream {
  #thinking = false;
  #finish: 'stop' | 'length' | null = null;
  #promptTokens = 0;
  #reusedTokens = 0;
  #completionTokens: number | undefined;
  #pieces = 0;
  #server: ServerFigures = { countsTokens: false };

  constructor(
    private readonly asked: Pick<ServerConnection, 'model'>,
    private readonly sink: TokenSink,
    private readonly subject: string,
  ) {}

  /** Whether anything of the answer has come. */
  get hasBegun(): boolean {
    return this.#pieces > 0;
  }

  /** Whether the answer has come to its end; counts may still follow. */
  get isWhole(): boolean {
    return this.#finish !== null;
  }

  /** Takes the data of one event. @throws FailureError for an error in the middle of the answer, and for what is no chunk */
  take(data: string): void {
    const chunk = this.#parsed(data);
    if (chunk['error'] !== undefined) {
      const words = errorWords(data);
      const code = Number(fieldsOf(chunk['error'])['code']);
      throw this.#failure(kindOf(Number.isInteger(code) ? code : 500, words), words);
    }
    const [choice] = Array.isArray(chunk['choices']) ? (chunk['choices'] as unknown[]) : [];
    if (choice !== undefined) this.#takeChoice(fieldsOf(choice));
    this.#takeUsage(fieldsOf(chunk['usage']));
    this.#takeTimings(fieldsOf(chunk['timings']));
    const { model } = chunk;
    if (typeof model === 'string' && model !== '' && model !== this.asked.model)
      this.#server = { ...this.#server, otherModel: model.slice(0, 200) };
  }

  /** @throws FailureError `server-broke-off` for an answer that never came to its end */
  result(): EngineResult {
    this.#endThought();
    if (this.#finish === null) throw this.#failure('server-broke-off', 'the stream ended before the answer');
    return this.#figures(this.#finish);
  }

  /** What has come until a person stopped it. */
  stopped(): EngineResult {
    this.#endThought();
    return this.#figures('cancelled');
  }

  #figures(finishReason: EngineResult['finishReason']): EngineResult {
    return {
      finishReason,
      promptTokens: Math.max(0, this.#promptTokens - this.#reusedTokens),
      reusedTokens: this.#reusedTokens,
      ...(this.#completionTokens !== undefined && { completionTokens: this.#completionTokens }),
      server: this.#server,
    };
  }

  #takeChoice(choice: Fields): void {
    const delta = fieldsOf(choice['delta'] ?? choice['message']);
    const thought = delta['reasoning_content'] ?? delta['reasoning'] ?? delta['thinking'];
    if (typeof thought === 'string' && thought !== '') {
      // As most models mark it themselves: the rest of the app knows no other way.
      this.#put(this.#thinking ? thought : `<think>\n${thought}`);
      this.#thinking = true;
    }
    const { content } = delta;
    if (typeof content === 'string' && content !== '') {
      this.#endThought();
      this.#put(content);
    }
    const reason = choice['finish_reason'];
    if (typeof reason === 'string') this.#finish = reason === 'length' ? 'length' : 'stop';
  }

  #endThought(): void {
    if (this.#thinking) this.sink.token('\n</think>\n\n');
    this.#thinking = false;
  }

  #put(text: string): void {
    this.#pieces += 1;
    this.sink.token(text);
  }

  #takeUsage(usage: Fields): void {
    const [prompt, completion] = [countIn(usage['prompt_tokens']), countIn(usage['completion_tokens'])];
    if (prompt === undefined || completion === undefined) return;
    this.#promptTokens = prompt;
    this.#completionTokens = completion;
    this.#reusedTokens = Math.min(prompt, countIn(fieldsOf(usage['prompt_tokens_details'])['cached_tokens']) ?? 0);
    this.#server = { ...this.#server, countsTokens: true };
  }

  /** Of llama-server, and of what is built on it. */
  #takeTimings(timings: Fields): void {
    const [promptMs, answerMs] = [amountIn(timings['prompt_ms']), amountIn(timings['predicted_ms'])];
    if (promptMs === undefined || answerMs === undefined) return;
    this.#server = { ...this.#server, promptMs, answerMs };
    const [read, cached] = [countIn(timings['prompt_n']), countIn(timings['cache_n'])];
    if (read === undefined || cached === undefined) return;
    this.#promptTokens = read + cached;
    this.#reusedTokens = cached;
  }

  #parsed(data: string): Fields {
    try {
      const value: unknown = JSON.parse(data);
      if (isFields(value)) return value;
    } catch {
      // Said below.
    }
    throw this.#failure('server-not-understood', `no chunk of an answer: ${data.slice(0, 200)}`);
  }

  #failure(kind: ReturnType<typeof kindOf>, technical: string): FailureError {
    return new FailureError({ kind, technical, subject: this.subject });
  }
}

const amountIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

function countIn(value: unknown): number | undefined {
  const amount = amountIn(value);
  return amount !== undefined && Number.isInteger(amount) ? amount : undefined;
}

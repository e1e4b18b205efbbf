/** The pieces of an answer as OpenAI's chunks tell them, brought to the text that every engine gives. */
import type { ServerConnection } from '../../src/shared/domain/server';
import { type Fields, fieldsOf, isFields } from '../../src/shared/domain/fields';
import { FailureError, type Failure, type FailureKind } from '../../src/shared/protocol/failure';
import type { ServerFigures } from '../../src/shared/protocol/engine';
import type { EngineResult, TokenSink } from '../engine/engine';
import { errorWords, kindOf, sizesIn } from './server-failures';

const thoughtStart = '<think>\n';
const thoughtEnd = '\n</think>\n\n';

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
    if (chunk['error'] !== undefined && chunk['error'] !== null) {
      const words = errorWords(data);
      const code = Number(fieldsOf(chunk['error'])['code']);
      const kind = kindOf(Number.isInteger(code) && code > 0 ? code : 500, words);
      throw this.#failure(kind, words, kind === 'context-exceeded' ? sizesIn(data) : undefined);
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
    // Thoughts get the marks that most models write themselves: the rest of the app knows no other way. A mark comes with a piece,
    // since pieces are counted as tokens where the server counts none.
    if (typeof thought === 'string' && thought !== '') {
      this.#put(this.#thinking ? thought : `${thoughtStart}${thought}`);
      this.#thinking = true;
    }
    const { content } = delta;
    if (typeof content === 'string' && content !== '') {
      this.#put(this.#thinking ? `${thoughtEnd}${content}` : content);
      this.#thinking = false;
    }
    const reason = choice['finish_reason'];
    if (typeof reason === 'string') this.#finish = reason === 'length' ? 'length' : 'stop';
  }

  #endThought(): void {
    if (this.#thinking) this.sink.token(thoughtEnd);
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
    // Older ones tell the counts here alone.
    const answered = countIn(timings['predicted_n']);
    if (answered === undefined) return;
    this.#completionTokens ??= answered;
    this.#server = { ...this.#server, countsTokens: true };
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

  #failure(kind: FailureKind, technical: string, numbers?: Failure['numbers']): FailureError {
    return new FailureError({ kind, technical, subject: this.subject, ...(numbers && { numbers }) });
  }
}

const amountIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

function countIn(value: unknown): number | undefined {
  const amount = amountIn(value);
  return amount !== undefined && Number.isInteger(amount) ? amount : undefined;
}

/** Follows the chunks of one answer and turns them into single tokens: llama.cpp sends pieces of text, which are not the same. */
import type {
  ChatCompletionChunk,
  ChatMessagePromptProgress,
  RawCompletionChunk,
  ResultTimings,
} from '@wllama/wllama/esm/index.js';
import type { FinishReason } from '../../../src/shared/protocol/engine';
import type { EngineResult, TokenSink } from '../engine';

export class AnswerStream {
  #tokens = 0;
  #promptTokens = 0;
  #reusedTokens: number | undefined;
  #finish: 'stop' | 'length' | undefined;
  #opening: string;

  constructor(
    private readonly sink: TokenSink,
    /** Text of the answer that the template puts into the prompt: an opened <think> that the model therefore does not say. */
    opening: string,
  ) {
    this.#opening = opening;
  }

  /** Chunks of a request that only evaluates a prompt, whose cache the request for the answer then reuses. */
  prompt(chunk: ChatCompletionChunk): void {
    this.#prefill(chunk);
  }

  /** Chunks of the answer, from either way of asking for one. */
  answer(chunk: ChatCompletionChunk | RawCompletionChunk): void {
    this.#prefill(chunk);
    const choice = chunk.choices[0];
    const text = choice && ('delta' in choice ? choice.delta.content : choice.text);
    if (typeof text === 'string' && text !== '') this.#text(text, chunk.timings?.predicted_n);
    if (choice?.finish_reason === 'stop' || choice?.finish_reason === 'length') this.#finish = choice.finish_reason;
    if (chunk.usage) {
      // The end-of-turn token, a stop string and bytes of an unfinished character never come as text, but they were generated.
      this.#silentTokens(chunk.usage.completion_tokens);
    }
  }

  get reusedTokens(): number {
    return this.#reusedTokens ?? 0;
  }

  /** Tokens of the conversation so far, as they lie in the KV cache. */
  get totalTokens(): number {
    return this.#promptTokens + this.reusedTokens + this.#tokens;
  }

  result(contextTokens: number): EngineResult {
    return this.#as(
      this.#finish === 'length' && this.totalTokens >= contextTokens ? 'context-full' : (this.#finish ?? 'stop'),
    );
  }

  /** What is known when the answer did not come to its own end. */
  interrupted(finishReason: Exclude<FinishReason, 'length'>): EngineResult {
    return this.#as(finishReason);
  }

  #as(finishReason: FinishReason): EngineResult {
    return { finishReason, promptTokens: this.#promptTokens, reusedTokens: this.reusedTokens };
  }

  #prefill({
    timings,
    prompt_progress: progress,
  }: {
    readonly timings?: ResultTimings;
    readonly prompt_progress?: ChatMessagePromptProgress;
  }): void {
    if (timings && timings.prompt_n > 0) {
      // What a first request put into the cache was not there before this answer: only its own finds count as reused.
      this.#reusedTokens ??= timings.cache_n;
      this.#promptTokens = timings.cache_n + timings.prompt_n - this.#reusedTokens;
    }
    if (progress) this.sink.prefillProgress(progress.processed, progress.total);
  }

  #text(text: string, generated = this.#tokens + 1): void {
    this.#silentTokens(generated - 1);
    this.#tokens += 1;
    // For some templates llama.cpp gives the opening back by itself.
    this.sink.token(text.startsWith(this.#opening.trimEnd()) ? text : this.#opening + text);
    this.#opening = '';
  }

  #silentTokens(upTo: number): void {
    while (this.#tokens < upTo) {
      this.#tokens += 1;
      this.sink.token('');
    }
  }
}

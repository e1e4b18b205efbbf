import type { RawCompletionChunk, RawCompletionParams } from '@wllama/wllama/esm/index.js';
import type { EngineTimings } from '../../../src/shared/protocol/measurement';
import { findPromptWords, type PromptWords } from './measured-prompt';
import type { WllamaSession } from './wllama-session';

export interface RawRun {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly start: number;
  readonly stamps: readonly number[];
  /** Tokens in each chunk. */
  readonly chunkTokens: readonly number[];
  readonly engine: EngineTimings | undefined;
}

export interface RawControl {
  readonly signal?: AbortSignal | undefined;
  readonly onTokens?: ((tokens: number) => void) | undefined;
}

/** llama.cpp's server takes these; wllama's types do not know them. */
const serverParameters: object = {
  stream_options: { include_usage: true },
  // How many tokens a chunk was, and the engine's own clock.
  timings_per_token: true,
  // One whole ASCII character each time: bytes of an unfinished character would be held back, and their stamps with them.
  logit_bias: { a: 200 },
};

/** What may lie in llama.cpp's store of left prompts before it is worth an effort to add nothing more. */
const mostLeftBytes = 256 * 1024 ** 2;
/** Each step of the way back keeps more than half, below which llama.cpp stores a prompt that it leaves. */
const kept = 0.55;
const shortest = 2;
/** The way back may take this share of the time of what it follows. */
const worthShare = 0.1;

/**
 * Raw completions of one session. When llama.cpp turns to another prompt it first stores the state of the one it leaves: time
 * that would be counted as reading the new prompt, and memory that is never given back. So after a long prompt the state is
 * shortened step by step, each of which costs a token.
 */
export class RawRuns {
  #words: PromptWords | undefined;
  #leftBytes = 0;

  constructor(
    readonly session: WllamaSession,
    private readonly kvBytesPerToken: number,
  ) {}

  async words(): Promise<PromptWords> {
    this.#words ??= await findPromptWords(async (text) => (await this.complete([text], 1)).promptTokens);
    return this.#words;
  }

  /** @param words of the prompt; together they are its text */
  async run(words: readonly string[], tokens: number, control: RawControl): Promise<RawRun> {
    const run = await this.complete(words, tokens, control);
    if (!control.signal?.aborted) await this.#wayBack(words, run);
    return run;
  }

  async complete(words: readonly string[], tokens: number, control: RawControl = {}, reuse = false): Promise<RawRun> {
    const { signal, onTokens } = control;
    const stamps: number[] = [];
    const chunkTokens: number[] = [];
    let generated = 0;
    let promptTokens = 0;
    let timings: RawCompletionChunk['timings'];
    const onData = (chunk: RawCompletionChunk): void => {
      if (chunk.choices[0]?.text) {
        stamps.push(performance.now());
        const total = chunk.timings?.predicted_n ?? generated + 1;
        chunkTokens.push(total - generated);
        generated = total;
        onTokens?.(generated);
      }
      timings = chunk.timings ?? timings;
      if (chunk.usage) promptTokens = chunk.usage.prompt_tokens;
    };
    const parameters: RawCompletionParams & { stream: true } = {
      prompt: words.join(''),
      max_tokens: tokens,
      stream: true,
      temperature: 0,
      top_k: 1,
      ignore_eos: true,
      ...(signal && { abortSignal: signal }),
    };
    const more: object = { ...serverParameters, cache_prompt: reuse };
    const start = performance.now();
    const work = this.session.wllama.createCompletion({ ...parameters, ...more, onData });
    await this.session.race(work);
    // It counts the first token, but its clock starts with it.
    const engine = timings && {
      promptTokens: timings.prompt_n,
      promptMs: timings.prompt_ms,
      generatedTokens: timings.predicted_n,
      intervals: Math.max(0, timings.predicted_n - 1),
      decodeMs: timings.predicted_ms,
    };
    return { promptTokens, cachedTokens: timings?.cache_n ?? 0, start, stamps, chunkTokens, engine };
  }

  async #wayBack(words: readonly string[], run: RawRun): Promise<void> {
    const tokens = run.promptTokens + run.stamps.length;
    const took = performance.now() - run.start;
    const steps = Math.ceil(Math.log(tokens / shortest) / -Math.log(kept));
    // A step is at least as dear as a token of this prompt.
    const costs = (steps * took) / Math.max(1, run.stamps.length > 1 ? run.stamps.length : run.promptTokens / 4);
    const leftBytes = this.#leftBytes + tokens * this.kvBytesPerToken;
    if (costs > worthShare * took && leftBytes < mostLeftBytes) {
      this.#leftBytes = leftBytes;
      return;
    }
    for (let count = words.length; count > shortest;) {
      count = Math.max(shortest, Math.ceil(count * kept));
      await this.complete(words.slice(0, count), 1, {}, true);
    }
  }
}

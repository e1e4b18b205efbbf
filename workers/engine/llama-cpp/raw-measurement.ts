/** The two primitives of the benchmark: prefill of n tokens and decode of n tokens, without a chat template around them. */
import type { RawCompletionChunk, RawCompletionParams } from '@wllama/wllama/esm/index.js';
import type { DecodeMeasurement, PrefillMeasurement } from '../../../src/contracts/engine';
import { FailureError } from '../../../src/contracts/failure';
import type { WllamaSession } from './wllama-session';

/** A word that nearly every tokenizer knows as one token; what it really takes is measured, never assumed. */
const word = ' a';
const tokensOfWord = new WeakMap<WllamaSession, number>();

/** llama.cpp's server takes these; wllama's types do not know them. */
const serverParameters: object = {
  stream_options: { include_usage: true },
  cache_prompt: false,
  // One whole ASCII character each time: bytes of an unfinished character would be held back, and their stamps with them.
  logit_bias: { a: 200 },
};

interface RawRun {
  readonly promptTokens: number;
  readonly start: number;
  readonly stamps: readonly number[];
}

export async function measurePrefill(session: WllamaSession, tokens: number): Promise<PrefillMeasurement> {
  checkCount(tokens);
  const each = tokensOfWord.get(session) ?? (await countTokens(session));
  tokensOfWord.set(session, each);
  let words = Math.floor((tokens - 1) / each);
  // A tokenizer may put a token of its own before the prompt: a miss is corrected once.
  for (let attempt = 0; ; attempt += 1) {
    const run = await complete(session, 'a' + word.repeat(words), 1);
    const miss = tokens - run.promptTokens;
    if (miss === 0 || attempt === 1)
      return { tokens: run.promptTokens, milliseconds: (run.stamps[0] ?? performance.now()) - run.start };
    words = Math.max(0, words + Math.round(miss / each));
  }
}

async function countTokens(session: WllamaSession): Promise<number> {
  const [short, long] = [await complete(session, 'a', 1), await complete(session, 'a' + word.repeat(4), 1)];
  return Math.max(1, Math.round((long.promptTokens - short.promptTokens) / 4));
}

export async function measureDecode(session: WllamaSession, tokens: number): Promise<DecodeMeasurement> {
  checkCount(tokens);
  const run = await complete(session, 'a', tokens);
  return { timestamps: run.stamps };
}

function checkCount(tokens: number): void {
  if (!Number.isInteger(tokens) || tokens < 1)
    throw new FailureError({ kind: 'request-invalid', technical: `${tokens} tokens cannot be measured` });
}

async function complete(session: WllamaSession, prompt: string, tokens: number): Promise<RawRun> {
  const stamps: number[] = [];
  let promptTokens = 0;
  const start = performance.now();
  const parameters: RawCompletionParams & { stream: true } = {
    prompt,
    max_tokens: tokens,
    stream: true,
    temperature: 0,
    top_k: 1,
    ignore_eos: true,
  };
  const onData = (chunk: RawCompletionChunk): void => {
    if (chunk.choices[0]?.text) stamps.push(performance.now());
    if (chunk.usage) promptTokens = chunk.usage.prompt_tokens;
  };
  await session.race(session.wllama.createCompletion({ ...parameters, ...serverParameters, onData }));
  return { promptTokens, start, stamps };
}

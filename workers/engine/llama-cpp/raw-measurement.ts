/** The two primitives of the benchmark: prefill of n tokens and decode of n tokens, without a chat template around them. */
import type { RawCompletionChunk, RawCompletionParams } from '@wllama/wllama/esm/index.js';
import type { DecodeMeasurement, PrefillMeasurement } from '../../../src/contracts/engine';
import { FailureError } from '../../../src/contracts/failure';
import type { WllamaSession } from './wllama-session';

/** A word that nearly every tokenizer knows as one token; what it is tokenized to is read back, never assumed. */
const word = ' a';

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
  let words = tokens;
  // A tokenizer may add a token of its own or need two for our word: the count is corrected until it fits.
  for (let attempt = 0; ; attempt += 1) {
    const run = await complete(session, word.repeat(words), 1);
    const miss = tokens - run.promptTokens;
    if (miss === 0 || attempt === 2)
      return { tokens: run.promptTokens, milliseconds: (run.stamps[0] ?? performance.now()) - run.start };
    words = Math.max(1, words + Math.trunc((miss * words) / run.promptTokens) || words + Math.sign(miss));
  }
}

export async function measureDecode(session: WllamaSession, tokens: number): Promise<DecodeMeasurement> {
  checkCount(tokens);
  const run = await complete(session, word, tokens);
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

/**
 * From our request to llama.cpp's. A request that its parser rejects does not fail there, it breaks the call with a raw
 * RuntimeError; so everything is looked at first.
 */
import type { ChatCompletionParams } from '@wllama/wllama/esm/index.js';
import type { GenerationRequest, SamplingOptions } from '../../../src/contracts/engine';
import { FailureError } from '../../../src/contracts/failure';

/** llama.cpp's server takes more than wllama's types say. */
export interface CompletionParameters extends ServerSampling {
  readonly stream: true;
  readonly stream_options: { readonly include_usage: boolean };
  readonly timings_per_token: boolean;
  readonly return_progress: boolean;
  readonly cache_prompt: boolean;
}

interface ServerSampling {
  readonly temperature: number;
  readonly top_k: number;
  readonly top_p: number;
  readonly min_p: number;
  readonly repeat_penalty: number;
  readonly presence_penalty: number;
  readonly frequency_penalty: number;
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly stop?: string[];
}

const roles: ReadonlySet<unknown> = new Set(['system', 'user', 'assistant']);

function refuse(technical: string): never {
  throw new FailureError({ kind: 'request-invalid', technical });
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly whole?: boolean;
}

const ranges: Record<Exclude<keyof SamplingOptions, 'stop' | 'jsonSchema'>, Range> = {
  temperature: { from: 0, to: 100 },
  topP: { from: 0, to: 1 },
  topK: { from: 0, to: 2 ** 31 - 1, whole: true },
  minP: { from: 0, to: 1 },
  repeatPenalty: { from: 0, to: 100 },
  presencePenalty: { from: -100, to: 100 },
  frequencyPenalty: { from: -100, to: 100 },
  // The largest 32-bit number means "random" to llama.cpp.
  seed: { from: 0, to: 2 ** 32 - 2, whole: true },
  maxTokens: { from: 1, to: 2 ** 31 - 1, whole: true },
};

function checkSampling(sampling: SamplingOptions): void {
  for (const [name, { from, to, whole }] of Object.entries(ranges)) {
    const value: unknown = sampling[name as keyof typeof ranges];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= from && value <= to) || (whole && !Number.isInteger(value))) {
      refuse(`${name} is ${String(value)}, not ${whole ? 'a whole number ' : ''}from ${from} to ${to}`);
    }
  }
  const stop: unknown = sampling.stop ?? [];
  if (!Array.isArray(stop) || stop.some((word) => typeof word !== 'string' || word === ''))
    refuse('stop is not a list of non-empty texts');
}

function checkTurns(turns: GenerationRequest['turns']): void {
  if (!Array.isArray(turns) || turns.length === 0) refuse('there are no turns');
  for (const [index, turn] of turns.entries()) {
    if (!roles.has(turn?.role)) refuse(`turn ${index} has the role ${String(turn?.role)}`);
    if (typeof turn.content !== 'string') refuse(`turn ${index} has no text`);
  }
  const [before, last] = turns.slice(-2);
  if (last?.role === 'assistant' && before?.role === 'assistant') refuse('the last two turns are both answers');
  if (turns.length === 1 && turns[0]?.role === 'assistant')
    refuse('there is nothing that the answer to be continued answers');
}

/** Throws for what llama.cpp would not survive. */
export function checkRequest(request: GenerationRequest): void {
  checkTurns(request.turns);
  checkSampling(request.sampling);
}

export const chatMessages = (turns: GenerationRequest['turns']): ChatCompletionParams['messages'] =>
  // Half a surrogate pair, as a cut text may have at its end, is no JSON to llama.cpp.
  turns.map(({ role, content }) => ({ role, content: content.toWellFormed() }));

/** What chat and raw completion have in common. */
export function completionParameters(request: GenerationRequest): CompletionParameters {
  return {
    ...samplingParameters(request.sampling),
    stream: true,
    stream_options: { include_usage: true },
    // The only way to know how many tokens a piece of text was.
    timings_per_token: true,
    return_progress: true,
    cache_prompt: request.reuseCache ?? true,
  };
}

/** Absent means neutral: every setting is sent, because a model file may bring recommendations of its own as defaults. */
function samplingParameters(sampling: SamplingOptions): ServerSampling {
  const temperature = sampling.temperature ?? 1;
  return {
    temperature,
    // Greedy needs no sorted vocabulary; sorting 150,000 candidates would cost more than it does to evaluate a small model.
    top_k: temperature === 0 ? 1 : (sampling.topK ?? 0),
    top_p: temperature === 0 ? 1 : (sampling.topP ?? 1),
    min_p: temperature === 0 ? 0 : (sampling.minP ?? 0),
    repeat_penalty: sampling.repeatPenalty ?? 1,
    presence_penalty: sampling.presencePenalty ?? 0,
    frequency_penalty: sampling.frequencyPenalty ?? 0,
    ...(sampling.seed !== undefined && { seed: sampling.seed }),
    ...(sampling.maxTokens !== undefined && { max_tokens: sampling.maxTokens }),
    ...(sampling.stop && sampling.stop.length > 0 && { stop: sampling.stop.map((word) => word.toWellFormed()) }),
  };
}

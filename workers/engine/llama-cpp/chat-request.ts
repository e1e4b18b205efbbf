/**
 * From our request to llama.cpp's. A request that its parser rejects does not fail there, it breaks the call with a raw
 * RuntimeError; so `checkRequest` looks at everything first.
 */
import type { ChatCompletionParams } from '@wllama/wllama/esm/index.js';
import type { ChatTurn, GenerationRequest, SamplingOptions } from '../../../src/shared/protocol/engine';
import { schemaOf } from '../check-request';
import { mediaBytes } from '../media-bytes';

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

type Message = ChatCompletionParams['messages'][number];

/** @throws FailureError `picture-unreadable` or `sound-unreadable` */
export const chatMessages = (turns: GenerationRequest['turns']): Promise<Message[]> =>
  Promise.all(turns.map(chatMessage));

async function chatMessage({ role, content, media = [] }: ChatTurn): Promise<Message> {
  // Half a surrogate pair, as a cut text may have at its end, is no JSON to llama.cpp.
  const text = content.toWellFormed();
  if (role !== 'user' || media.length === 0) return { role, content: text };
  const parts = media.map(async (one) => {
    const { data } = await mediaBytes(one);
    return one.kind === 'picture' ? { type: 'image' as const, data } : { type: 'audio' as const, data };
  });
  return { role, content: [...(await Promise.all(parts)), { type: 'text', text }] };
}

/** What only a chat can be given: a raw completion goes on in the middle of a text, where neither would be right. */
export function chatParameters({
  sampling,
  thinking,
}: GenerationRequest): Pick<ChatCompletionParams, 'response_format' | 'chat_template_kwargs'> {
  const schema = schemaOf(sampling);
  return {
    ...(thinking && { chat_template_kwargs: { enable_thinking: thinking === 'on' } }),
    ...(schema !== undefined && {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: JSON.parse(schema) as unknown } },
    }),
  };
}

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
    ...biasParameter(sampling),
  };
}

/** Keys are token ids, or texts whose tokens all count. wllama's types know it in two forms that exclude each other. */
const biasParameter = ({ logitBias }: SamplingOptions): object =>
  logitBias === undefined
    ? {}
    : {
        logit_bias: Object.fromEntries(Object.entries(logitBias).map(([key, bias]) => [key.toWellFormed(), bias])),
      };

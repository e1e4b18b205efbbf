/** The body of a request for an answer. Beside OpenAI's fields, each kind of server is told only what it is known to understand. */
import type { ServerConnection, ServerKind } from '../../src/shared/domain/server';
import type { GenerationRequest, SamplingOptions } from '../../src/shared/protocol/engine';
import { isContinuation, schemaOf } from '../engine/check-request';

type Asked = Pick<GenerationRequest, 'turns' | 'sampling' | 'thinking' | 'reuseCache'>;

/**
 * Sources: https://platform.openai.com/docs/api-reference/chat, tools/server/README.md of llama.cpp,
 * docs/openai.md of Ollama, vLLM's "OpenAI-Compatible Server", LM Studio's "OpenAI Compatibility Endpoints".
 */
export function chatBody(
  { kind, model }: Pick<ServerConnection, 'kind' | 'model'>,
  asked: Asked,
): Record<string, unknown> {
  const { turns, sampling } = asked;
  return {
    model,
    messages: turns.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
    ...standardSampling(sampling),
    ...ownFields(kind, asked),
  };
}

const standardSampling = (sampling: SamplingOptions): Record<string, unknown> => {
  const { temperature, topP, presencePenalty, frequencyPenalty, seed, maxTokens, stop } = sampling;
  const schema = schemaOf(sampling);
  return defined({
    temperature,
    top_p: topP,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    seed,
    max_tokens: maxTokens,
    stop: stop && stop.length > 0 ? stop : undefined,
    response_format:
      schema === undefined
        ? undefined
        : schema === '{}'
          ? { type: 'json_object' }
          : {
              type: 'json_schema',
              json_schema: { name: 'answer', strict: true, schema: JSON.parse(schema) as unknown },
            },
  });
};

function ownFields(kind: ServerKind, { turns, sampling, thinking, reuseCache }: Asked): Record<string, unknown> {
  const { topK, minP, repeatPenalty } = sampling;
  const template = thinking && { chat_template_kwargs: { enable_thinking: thinking === 'on' } };
  switch (kind) {
    case 'llama-server':
    case 'jan':
      return {
        ...defined({ top_k: topK, min_p: minP, repeat_penalty: repeatPenalty }),
        ...template,
        cache_prompt: reuseCache !== false,
      };
    case 'vllm':
      return {
        ...defined({ top_k: topK, min_p: minP, repetition_penalty: repeatPenalty }),
        ...template,
        ...(isContinuation({ turns } as GenerationRequest) && {
          continue_final_message: true,
          add_generation_prompt: false,
        }),
      };
    case 'lm-studio':
      return defined({ top_k: topK, min_p: minP, repeat_penalty: repeatPenalty });
    case 'ollama':
      // The one word of the standard for models that think.
      return thinking === 'off' ? { reasoning_effort: 'none' } : {};
    case 'other':
      return {};
  }
}

const defined = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** From our request to WebLLM's. Everything is said, because a model's config may bring recommendations as defaults. */
import type { ChatCompletionRequestStreaming, CompletionCreateParamsStreaming } from '@mlc-ai/web-llm';
import type { ChatTurn, GenerationRequest, SamplingOptions } from '../../../src/shared/protocol/engine';
import { biasOfTokens, type LogitBias } from '../../../src/shared/domain/logit-bias';
import { type ConversationTemplate, hasSystemTurn } from '../../mlc/conversation-template';
import { refuse, schemaOf } from '../check-request';
import type { EngineInternals } from './engine-internals';
import type { SentMessage } from './cached-conversation';
import { systemMessage } from './prompt-text';

type Sampling = Pick<
  CompletionCreateParamsStreaming,
  | 'temperature'
  | 'top_p'
  | 'repetition_penalty'
  | 'presence_penalty'
  | 'frequency_penalty'
  | 'seed'
  | 'max_tokens'
  | 'stop'
  | 'logit_bias'
>;

const clamp = (value: number, from: number, to: number): number => Math.min(to, Math.max(from, value));

/** What of a request only the loaded model's own tokenizer can tell. */
type Tokens = Pick<EngineInternals, 'encode' | 'vocabularySize'>;

/**
 * @param extraTokens tokens that WebLLM counts as said although they are part of the prompt
 * @throws FailureError `request-invalid` for a bias of a token that there is not: WebLLM would write beyond the logits
 */
function samplingParameters(sampling: SamplingOptions, tokens: Tokens, extraTokens: number): Sampling {
  const { temperature = 1, topP = 1, repeatPenalty = 1, presencePenalty = 0, frequencyPenalty = 0 } = sampling;
  return {
    temperature,
    // Nothing below WebLLM's own least is allowed, and nothing above.
    top_p: clamp(topP, 1e-6, 1),
    repetition_penalty: Math.max(repeatPenalty, 1e-3),
    presence_penalty: clamp(presencePenalty, -2, 2),
    frequency_penalty: clamp(frequencyPenalty, -2, 2),
    ...(sampling.seed !== undefined && { seed: sampling.seed }),
    ...(sampling.maxTokens !== undefined && { max_tokens: sampling.maxTokens + extraTokens }),
    ...(sampling.stop && sampling.stop.length > 0 && { stop: [...sampling.stop] }),
    ...(sampling.logitBias && { logit_bias: biasFor(sampling.logitBias, tokens) }),
  };
}

function biasFor(bias: LogitBias, tokens: Tokens): Record<string, number> {
  const known = biasOfTokens(
    bias,
    (text) => tokens.encode(text) ?? refuse('logitBias: the tokenizer cannot be reached'),
  );
  const stranger = Object.keys(known).find((token) => Number(token) >= (tokens.vocabularySize ?? Infinity));
  return stranger === undefined ? known : refuse(`logitBias: there is no token ${stranger}`);
}

const streaming = { stream: true, stream_options: { include_usage: true } } as const;

/** @param thinking already decided for this model: undefined leaves it to the model */
export function chatRequest(
  { sampling }: GenerationRequest,
  messages: readonly SentMessage[],
  thinking: 'on' | 'off' | undefined,
  tokens: Tokens,
  extraTokens: number,
): ChatCompletionRequestStreaming {
  const schema = schemaOf(sampling);
  return {
    messages: [...messages],
    ...samplingParameters(sampling, tokens, extraTokens),
    ...streaming,
    ...(thinking && { extra_body: { enable_thinking: thinking === 'on' } }),
    ...(schema !== undefined && { response_format: { type: 'json_object', schema } }),
  };
}

/** The rest of an answer. A form that was asked for cannot be kept to: a grammar would begin at the first token. */
export const completionRequest = (
  { sampling }: GenerationRequest,
  prompt: string,
  tokens: Tokens,
): CompletionCreateParamsStreaming => ({ prompt, ...samplingParameters(sampling, tokens, 0), ...streaming });

/**
 * The turns with the system message that they are given, at the beginning, where WebLLM wants it; or in the first question,
 * where the template has no turn for it, as Gemma's makers have it.
 */
export function withSystemMessage(turns: readonly ChatTurn[], template: ConversationTemplate): readonly ChatTurn[] {
  const system = systemMessage(turns, template);
  const others = turns
    .filter(({ role }) => role !== 'system')
    .map(({ role, content }) => ({ role, content: content.toWellFormed() }));
  if (system === undefined) return others;
  const told = system.toWellFormed();
  const [first, ...rest] = others;
  if (first?.role === 'user' && told !== '' && !hasSystemTurn(template))
    return [{ ...first, content: `${told}\n\n${first.content}` }, ...rest];
  return [{ role: 'system', content: told }, ...others];
}

/**
 * Whether the model has thinking that can be turned off. To others, the empty thought that this puts into the prompt would be
 * words of a language they were never taught.
 */
export function thinkingFor(
  { thinking, sampling }: GenerationRequest,
  modelType: string,
  template: ConversationTemplate,
): 'on' | 'off' | undefined {
  if (!/^qwen3/.test(modelType) || /^deepseek/i.test(template.name)) return undefined;
  // A form is kept from the first token on: there is no room for thoughts.
  if (sampling.jsonSchema !== undefined) return 'off';
  return thinking ?? (template.thinksOnlyWhenTold ? 'off' : undefined);
}

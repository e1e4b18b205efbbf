/**
 * What the makers of models recommend on their cards: how to sample, and whether the model thinks unless it is told to. One for
 * all made small models repeat themselves without end.
 */
import type { SamplingOptions } from '../../shared/protocol/engine';
import type { ModelDescriptor } from '../../shared/domain/model';

type Card = Pick<ModelDescriptor, 'sampling' | 'samplingWhenThinking' | 'thinking'>;

/**
 * No card recommends so few, but none is written for a page that may run for an hour unseen: whoever wants more goes on with the
 * answer, or raises the limit.
 */
const limits = { answer: 2048, thinking: 8192, unknown: 4096 } as const;

const answering = (sampling: SamplingOptions): SamplingOptions => ({ ...sampling, maxTokens: limits.answer });
const thinking = (sampling: SamplingOptions): SamplingOptions => ({ ...sampling, maxTokens: limits.thinking });

const qwen35Thinking = thinking({ temperature: 1, topP: 0.95, topK: 20, presencePenalty: 1.5 });

/** The first whose pattern a name fits. Sources: the cards of the models, and the `generation_config.json` beside their weights. */
const cards: readonly (readonly [RegExp, Card])[] = [
  [/deepseek[-_ .]?r1/i, { sampling: thinking({ temperature: 0.6, topP: 0.95 }) }],
  [
    /qwen[-_ ]?3\.5[-_ ]*(0\.8|2)b/i,
    {
      thinking: 'off',
      sampling: answering({ temperature: 1, topP: 1, topK: 20, presencePenalty: 2 }),
      samplingWhenThinking: qwen35Thinking,
    },
  ],
  [
    /qwen[-_ ]?3\.5/i,
    {
      thinking: 'on',
      sampling: answering({ temperature: 0.7, topP: 0.8, topK: 20, presencePenalty: 1.5 }),
      samplingWhenThinking: qwen35Thinking,
    },
  ],
  // These write down what they hear, or write nothing at all.
  [/qwen[-_ ]?3[-_ ]?(asr|embedding)/i, { sampling: answering({ temperature: 0 }) }],
  [
    /qwen[-_ ]?3[-_ ]?vl(?!.*thinking)/i,
    { sampling: answering({ temperature: 0.7, topP: 0.8, topK: 20, presencePenalty: 1.5 }) },
  ],
  [/qwen[-_ ]?3(?![\d.]).*(instruct|coder)/i, { sampling: answering({ temperature: 0.7, topP: 0.8, topK: 20 }) }],
  [/qwen[-_ ]?3(?![\d.]).*thinking/i, { sampling: thinking({ temperature: 0.6, topP: 0.95, topK: 20 }) }],
  [
    /qwen[-_ ]?3(?![\d.])/i,
    {
      thinking: 'on',
      sampling: answering({ temperature: 0.7, topP: 0.8, topK: 20 }),
      samplingWhenThinking: thinking({ temperature: 0.6, topP: 0.95, topK: 20 }),
    },
  ],
  [
    /qwen[-_ ]?2\.5(?!.*math)/i,
    { sampling: answering({ temperature: 0.7, topP: 0.8, topK: 20, repeatPenalty: 1.05 }) },
  ],
  [/llama[-_ ]?3\.2/i, { sampling: answering({ temperature: 0.6, topP: 0.9 }) }],
  [/gemma[-_ ]?3/i, { sampling: answering({ temperature: 1, topP: 0.95, topK: 64 }) }],
  [/smollm2/i, { sampling: answering({ temperature: 0.2, topP: 0.9 }) }],
  [
    /hunyuan.*1\.8b.*instruct/i,
    {
      thinking: 'on',
      sampling: answering({ temperature: 0.7, topP: 0.8, topK: 20, repeatPenalty: 1.05 }),
      samplingWhenThinking: thinking({ temperature: 0.7, topP: 0.8, topK: 20, repeatPenalty: 1.05 }),
    },
  ],
];

/** A fair start for a small chat model that nobody knows. */
const unknown: Card = { sampling: { temperature: 0.7, topP: 0.8, topK: 20, maxTokens: limits.unknown } };

/** @param name of the model, of its file or its repository */
export const cardOf = (name: string): Card => cards.find(([pattern]) => pattern.test(name))?.[1] ?? unknown;

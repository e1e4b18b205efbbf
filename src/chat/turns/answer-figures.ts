import type { AnswerMessage } from '../../shared/domain/conversation';
import { formatCount, formatDuration, formatRate } from '../../text/formatting';
import { engineTitle } from '../../text/engine-title';
import { m } from '../../text/paraglide/messages.js';

/** n tokens are n - 1 intervals: the first one is in the time to first token. Null where there is nothing to divide. */
export const rateOf = ({ figures }: AnswerMessage): number | null =>
  figures && figures.completionTokens > 1 && figures.decodeMs > 0
    ? ((figures.completionTokens - 1) * 1000) / figures.decodeMs
    : null;

/** "llama.cpp · cpu", with the names people know. */
export const backendName = (backend: string): string =>
  backend
    .replace(/^cpu(?= · )|^server$/, (engine) => engineTitle(engine as 'cpu' | 'server'))
    .replace(/\bcpu\b/, 'CPU')
    .replace(/\bwebgpu\b/, 'WebGPU')
    .replace(/\bwebllm\b/, 'WebLLM');

/** What a finished answer took, each figure with its conditions: which model, on what. */
export function answerFigures(answer: AnswerMessage): readonly string[] {
  const { figures, modelName, backend } = answer;
  const conditions = [modelName, ...(backend === undefined ? [] : [backendName(backend)])];
  // Before the first token there is none to count, and no time that it took.
  if (!figures || figures.completionTokens === 0) return conditions;
  const { completionTokens, timeToFirstTokenMs } = figures;
  const rate = rateOf(answer);
  return [
    m.figure_tokens({ tokens: formatCount(completionTokens) }),
    ...(rate === null ? [] : [m.figure_rate({ rate: formatRate(rate) })]),
    m.figure_first_token({ time: formatDuration(timeToFirstTokenMs) }),
    ...conditions,
  ];
}

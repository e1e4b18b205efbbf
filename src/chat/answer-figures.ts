import type { AnswerMessage } from '../contracts/conversation';
import { formatCount, formatDuration, formatRate } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';

/** What a finished answer took, each figure with its conditions: which model, on what. */
export function answerFigures({ figures, modelName, backend }: AnswerMessage): readonly string[] {
  const conditions = [modelName, ...(backend === undefined ? [] : [backendName(backend)])];
  if (!figures) return conditions;
  const { completionTokens, decodeMs, timeToFirstTokenMs } = figures;
  const tokens = formatCount(completionTokens);
  // n tokens are n - 1 intervals: the first one is in the time to first token.
  const rate = completionTokens > 1 && decodeMs > 0 ? ((completionTokens - 1) * 1000) / decodeMs : null;
  return [
    completionTokens === 1 ? m.figure_one_token() : m.figure_tokens({ tokens }),
    ...(rate === null ? [] : [m.figure_rate({ rate: formatRate(rate) })]),
    m.figure_first_token({ time: formatDuration(timeToFirstTokenMs) }),
    ...conditions,
  ];
}

/** "llama.cpp · cpu", with the names people know. */
const backendName = (backend: string): string => backend.replace(/\bcpu\b/, 'CPU').replace(/\bwebgpu\b/, 'WebGPU');

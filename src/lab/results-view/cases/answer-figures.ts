import type { LabAnswer } from '../../../shared/domain/lab/run';
import { formatCount, formatDuration, formatRate } from '../../../text/formatting';
import { m } from '../../../text/paraglide/messages.js';

/** Tokens per second after the first; null for an answer of one token. */
const decodeRate = ({ completionTokens, decodeMs }: LabAnswer): number | null =>
  completionTokens > 1 && decodeMs > 0 ? ((completionTokens - 1) * 1000) / decodeMs : null;

/** The figures of one answer, as pairs of name and value. */
export function answerFigures(answer: LabAnswer): readonly (readonly [name: string, value: string])[] {
  const rate = decodeRate(answer);
  const { completionTokens, thoughtTokens, firstTokenMs, totalMs, promptTokens, finishReason } = answer;
  const reasons = {
    stop: m.turn_reason_stop,
    length: m.turn_reason_length,
    'context-full': m.turn_reason_full,
    cancelled: m.turn_reason_cancelled,
  } as const;
  return [
    [m.lab_results_answer_tokens(), formatCount(completionTokens - thoughtTokens)],
    ...(thoughtTokens > 0 ? [[m.lab_results_thought_tokens(), formatCount(thoughtTokens)] as const] : []),
    ...(completionTokens > 0 ? [[m.lab_results_first_token(), formatDuration(firstTokenMs)] as const] : []),
    [m.lab_results_total(), formatDuration(totalMs)],
    ...(rate === null ? [] : [[m.bench_rate_plain(), formatRate(rate)] as const]),
    [m.turn_fig_prompt(), formatCount(promptTokens)],
    ...(finishReason === null ? [] : [[m.turn_fig_reason(), reasons[finishReason]()] as const]),
  ];
}

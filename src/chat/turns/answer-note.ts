import type { AnswerMessage } from '../../shared/domain/conversation';
import { formatCount } from '../../text/formatting';
import { splitThinking } from '../../shared/domain/thinking';
import { m } from '../../text/paraglide/messages.js';

/** Why an answer ends where it ends, where that is not the model's own end. */
export function answerNote({ state, finishReason, text, settings }: AnswerMessage): string | null {
  if (state === 'interrupted') return m.note_interrupted();
  if (state !== 'whole') return null;
  switch (finishReason) {
    case 'cancelled':
      return m.note_stopped();
    case 'length':
      return lengthNote(text, settings?.sampling?.maxTokens);
    case 'context-full':
      return m.note_context_full();
    default:
      return null;
  }
}

/** The limit is mostly the model's own: who never set one has to be told that there is one, and why. */
function lengthNote(text: string, limit: number | undefined): string {
  if (limit === undefined) return m.note_length();
  const inputs = { limit: formatCount(limit) };
  return splitThinking(text, false).open ? m.note_length_thinking(inputs) : m.note_length_tokens(inputs);
}

/** Whether the model can go on where it stopped, or broke off. A full context has no room for more. */
export const canContinue = ({ state, finishReason, text }: AnswerMessage): boolean =>
  state === 'interrupted' ||
  (state === 'failed' && text !== '') ||
  (state === 'whole' && (finishReason === 'cancelled' || finishReason === 'length'));

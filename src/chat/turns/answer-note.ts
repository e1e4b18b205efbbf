import type { AnswerMessage } from '../../contracts/conversation';
import { m } from '../../text/paraglide/messages.js';

/** Why an answer ends where it ends, where that is not the model's own end. */
export function answerNote({ state, finishReason }: AnswerMessage): string | null {
  if (state === 'interrupted') return m.note_interrupted();
  if (state !== 'whole') return null;
  switch (finishReason) {
    case 'cancelled':
      return m.note_stopped();
    case 'length':
      return m.note_length();
    case 'context-full':
      return m.note_context_full();
    default:
      return null;
  }
}

/** Whether the model can go on where it stopped, or broke off. A full context has no room for more. */
export const canContinue = ({ state, finishReason, text }: AnswerMessage): boolean =>
  state === 'interrupted' ||
  (state === 'failed' && text !== '') ||
  (state === 'whole' && (finishReason === 'cancelled' || finishReason === 'length'));

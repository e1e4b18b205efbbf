/** Whether a model can take what goes with the words of a conversation. Asked before an engine is, which would leave it out. */
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { failed, FailureError } from '../../src/shared/protocol/failure';
import type { Senses, TurnMedia } from '../../src/shared/domain/senses';

/** All pictures and sounds of a conversation, in its order. */
export const mediaOf = (turns: readonly ChatTurn[]): readonly TurnMedia[] => turns.flatMap(({ media }) => media ?? []);

/** @throws FailureError `model-cannot-see`, `model-cannot-hear`; `request-invalid` for media of turns that are no questions */
export function checkSenses(turns: readonly ChatTurn[], senses: Senses | undefined): void {
  const misplaced = turns.findIndex(({ role, media }) => role !== 'user' && media !== undefined && media.length > 0);
  if (misplaced >= 0) throw new FailureError(failed('request-invalid', `turn ${misplaced} may not have media`).failure);
  const kinds = new Set(mediaOf(turns).map(({ kind }) => kind));
  if (kinds.has('picture') && !senses?.sees)
    throw new FailureError(failed('model-cannot-see', 'the loaded model takes no pictures').failure);
  if (kinds.has('sound') && !senses?.hears)
    throw new FailureError(failed('model-cannot-hear', 'the loaded model takes no sounds').failure);
}

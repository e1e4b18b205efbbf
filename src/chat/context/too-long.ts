import type { Failure } from '../../contracts/failure';
import type { ActiveModel } from '../../engine/active-model.svelte';
import type { ChatSession } from '../chat-session.svelte';
import type { PendingFile } from '../files/pending-files.svelte';
import { ConversationSize } from './conversation-size.svelte';

/** A guess may be wrong by a third; the engine knows, and refuses what is really too long. */
const doubt = 1.3;

/** Why a question is not sent, where the person wants conversations to end at the limit; null where it is. */
export function tooLong(
  session: ChatSession,
  model: ActiveModel,
  text: string,
  files: readonly PendingFile[],
): Failure | null {
  const { chosen, loaded } = model;
  if (loaded === null || session.settings.resolve(chosen).contextPolicy !== 'stop') return null;
  const { tokens: promptTokens, exact } = new ConversationSize(session, model).with(text, files);
  const { contextTokens } = loaded;
  if (promptTokens <= contextTokens * (exact ? 1 : doubt)) return null;
  const technical = `${promptTokens} tokens, ${exact ? 'counted' : 'estimated'}`;
  return { kind: 'context-exceeded', technical, numbers: { promptTokens, contextTokens } };
}

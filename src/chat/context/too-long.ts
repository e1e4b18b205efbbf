import type { Failure } from '../../shared/protocol/failure';
import type { ActiveModel } from '../../engine/active-model.svelte';
import type { PendingFile } from '../files/pending-file.svelte';
import { resolveSettings } from '../settings/resolve-settings';
import { ConversationSize, type SizedConversation } from './conversation-size.svelte';
import { contextExceeded, isTooLong } from './prompt-size';

/** Why a question is not sent, where the person wants conversations to end at the limit; null where it is. */
export function tooLong(
  session: SizedConversation,
  model: ActiveModel,
  text: string,
  files: readonly PendingFile[],
): Failure | null {
  const { chosen, loaded } = model;
  if (loaded === null || resolveSettings(session.settings.layers, chosen).contextPolicy !== 'stop') return null;
  const size = new ConversationSize(session, model).with(text, files);
  const { contextTokens } = loaded;
  return isTooLong(size, contextTokens) ? contextExceeded(size, contextTokens) : null;
}

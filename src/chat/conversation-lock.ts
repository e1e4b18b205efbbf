import type { ConversationId } from '../shared/domain/conversation';
import { tryLock, withLock } from '../shared/platform/web-locks';

const lockName = (id: ConversationId): string => `sotto-conversation:${id}`;

/**
 * Runs `work` while no other tab writes to this conversation. The lock ends with the tab, even when it crashes: so a
 * "streaming" answer found without it was cut off.
 * @returns false, without running it, when another tab holds the lock
 */
export async function withConversationLock(id: ConversationId, work: () => Promise<void>): Promise<boolean> {
  return (await tryLock(lockName(id), work)) !== null;
}

/** Resolves when no tab writes to this conversation any more, also when the writing tab crashed. */
export const conversationIsFree = (id: ConversationId): Promise<void> =>
  withLock(lockName(id), () => {}, { shared: true });

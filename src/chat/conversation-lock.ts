import type { ConversationId } from '../shared/domain/conversation';

const lockName = (id: ConversationId): string => `sotto-conversation:${id}`;

/**
 * Runs `work` while no other tab writes to this conversation. The lock ends with the tab, even when it crashes: so a
 * "streaming" answer found without it was cut off.
 * @returns false, without running it, when another tab holds the lock
 */
export async function withConversationLock(id: ConversationId, work: () => Promise<void>): Promise<boolean> {
  // Missing in insecure contexts: better one unguarded tab than none.
  if (!('locks' in navigator)) {
    await work();
    return true;
  }
  return navigator.locks.request(lockName(id), { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await work();
    return true;
  });
}

/** Resolves when no tab writes to this conversation any more, also when the writing tab crashed. */
export async function conversationIsFree(id: ConversationId): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request(lockName(id), { mode: 'shared' }, () => {});
}

import type { Conversation } from '../shared/domain/conversation';

const byNewest = (a: Conversation, b: Conversation): number => b.updatedAt - a.updatedAt;

/** Replaces, adds and takes out; newest first. */
export function merged(
  conversations: readonly Conversation[],
  changed: readonly Conversation[],
  gone: ReadonlySet<string> = new Set(),
): readonly Conversation[] {
  const replaced = new Set(changed.map(({ id }) => id));
  const kept = conversations.filter(({ id }) => !replaced.has(id) && !gone.has(id));
  return [...changed, ...kept].sort(byNewest);
}

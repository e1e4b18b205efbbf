import type { Conversation, Message } from '../contracts/conversation';

/** The messages from the first to the active leaf, in order. A broken link or a cycle (a damaged import) ends it early. */
export function shownBranch(conversation: Conversation, messages: readonly Message[]): readonly Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch = new Set<Message>();
  let next = conversation.activeLeafId === null ? undefined : byId.get(conversation.activeLeafId);
  while (next && !branch.has(next)) {
    branch.add(next);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return [...branch].reverse();
}

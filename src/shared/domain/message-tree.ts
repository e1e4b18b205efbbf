/** Pure functions on the tree of messages: children are derived from `parentId`, never stored beside it. */
import type { Conversation, Message, MessageId } from './conversation';

export type MessagesById = ReadonlyMap<MessageId, Message>;

export const messagesById = (messages: readonly Message[]): MessagesById =>
  new Map(messages.map((message) => [message.id, message]));

/** The messages from the root to `leafId`, in order. A broken link or a cycle (a damaged import) ends it early. */
export function branchTo(messages: MessagesById, leafId: MessageId | null): readonly Message[] {
  const branch: Message[] = [];
  const seen = new Set<MessageId>();
  for (let id = leafId; id !== null && !seen.has(id);) {
    const message = messages.get(id);
    if (!message) break;
    seen.add(id);
    branch.push(message);
    id = message.parentId;
  }
  return branch.reverse();
}

/** The messages of a conversation that are shown, in order. */
export function shownBranch({ activeLeafId }: Conversation, messages: readonly Message[]): readonly Message[] {
  const byId = messagesById(messages);
  return branchTo(byId, endOfBranch(byId, activeLeafId));
}

/** The end of the newest branch below `id`: what is shown when a person goes to another version. */
export function newestLeafBelow(messages: MessagesById, id: MessageId): MessageId {
  const newestChild = new Map<MessageId, Message>();
  for (const message of messages.values()) {
    if (message.parentId === null) continue;
    const rival = newestChild.get(message.parentId);
    if (!rival || message.createdAt >= rival.createdAt) newestChild.set(message.parentId, message);
  }
  const seen = new Set<MessageId>();
  let leaf = id;
  for (let child = newestChild.get(leaf); child && !seen.has(leaf); child = newestChild.get(leaf)) {
    seen.add(leaf);
    leaf = child.id;
  }
  return leaf;
}

/**
 * Where the branch ends that goes through `tip`. Whatever stood below a branch that ends earlier could not be reached: "Next
 * version" leads beside a message, never below the last.
 * @param tip what a file or the database says; where it names no message, the newest end of all is meant
 */
export function endOfBranch(messages: MessagesById, tip: MessageId | null): MessageId | null {
  if (tip !== null && messages.has(tip)) return newestLeafBelow(messages, tip);
  const parents = new Set([...messages.values()].map(({ parentId }) => parentId));
  const ends = [...messages.values()].filter(({ id }) => !parents.has(id));
  return ends.reduce<Message | null>((a, b) => (a === null || b.createdAt >= a.createdAt ? b : a), null)?.id ?? null;
}

/** Pure functions on the tree of messages: children are derived from `parentId`, never stored beside it. */
import type { Message, MessageId } from '../contracts/conversation';

export type MessagesById = ReadonlyMap<MessageId, Message>;

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

/** What hangs below a message of the tree, and what is left without it. Needed for versions and for deleting. */
import type { Message, MessageId } from './conversation';
import { newestLeafBelow, type MessagesById } from './message-tree';

/** The messages below each, null for those that begin the conversation; in the order in which they were read. */
export function childrenOf(messages: MessagesById): ReadonlyMap<MessageId | null, Message[]> {
  const children = new Map<MessageId | null, Message[]>();
  for (const message of messages.values()) {
    const siblings = children.get(message.parentId);
    if (siblings) siblings.push(message);
    else children.set(message.parentId, [message]);
  }
  return children;
}

/** `id` and all messages below it; empty where there is no such message. Cycles (a damaged import) end. */
export function subtreeOf(messages: MessagesById, id: MessageId): readonly MessageId[] {
  if (!messages.has(id)) return [];
  const children = childrenOf(messages);
  const found = new Set([id]);
  for (const parent of found) for (const child of children.get(parent) ?? []) found.add(child.id);
  return [...found];
}

/**
 * Where the shown branch ends when `id` and all below it are gone: where it ended before, if that stays; else at the end of the
 * newest version beside it; else at its parent.
 */
export function leafWithout(messages: MessagesById, id: MessageId, activeLeafId: MessageId | null): MessageId | null {
  const gone = new Set(subtreeOf(messages, id));
  if (activeLeafId !== null && !gone.has(activeLeafId)) return activeLeafId;
  const left = new Map([...messages].filter(([messageId]) => !gone.has(messageId)));
  const parentId = messages.get(id)?.parentId ?? null;
  const versions = [...left.values()].filter((message) => message.parentId === parentId);
  const newest = versions.reduce<Message | null>((a, b) => (a === null || b.createdAt >= a.createdAt ? b : a), null);
  if (newest !== null) return newestLeafBelow(left, newest.id);
  return parentId !== null && left.has(parentId) ? parentId : null;
}

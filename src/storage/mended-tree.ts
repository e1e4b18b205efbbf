import type { Message } from '../shared/domain/conversation';
import { m } from '../text/paraglide/messages.js';
import { originalOf } from './unreadable';

/**
 * Gives messages that cannot be read a place in their conversation: who their parent was is sealed with them, and without it
 * everything before them would be out of sight. The parent is taken to be the last message that was written before the
 * first answer to them, which is right wherever there is one branch.
 */
export function mended(messages: readonly Message[]): readonly Message[] {
  const lost = messages.filter((message) => originalOf(message) !== undefined);
  if (lost.length === 0) return messages;
  const lostIds = new Set(lost.map(({ id }) => id));
  const readable = messages.filter(({ id }) => !lostIds.has(id)).toSorted((a, b) => a.createdAt - b.createdAt);
  const found = new Map(
    lost.map((message) => {
      const child = readable.find(({ parentId }) => parentId === message.id);
      const before = child ? readable.slice(0, readable.indexOf(child)) : readable;
      const parent = before.findLast(({ role }) => role !== roleBetween(child)) ?? before.at(-1);
      return [message.id, placed(message, parent, child)] as const;
    }),
  );
  return messages.map((message) => found.get(message.id) ?? message);
}

/** Questions and answers take turns. */
const roleBetween = (child: Message | undefined): Message['role'] =>
  child?.role === 'assistant' ? 'user' : 'assistant';

function placed(message: Message, parent: Message | undefined, child: Message | undefined): Message {
  const parentId = parent?.id ?? null;
  const createdAt = child?.createdAt ?? parent?.createdAt ?? 0;
  if (roleBetween(child) === 'assistant') return { ...message, parentId, createdAt };
  // What is not a question's is no harm on one, and the symbol comes along.
  return { ...message, role: 'user', text: m.unreadable_question(), parentId, createdAt } as Message;
}

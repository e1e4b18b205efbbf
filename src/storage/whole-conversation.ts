/** A conversation with all that belongs to it: reading, deleting and adding it inside of one transaction. */
import type { Conversation, ConversationId, Message, MessageId } from '../shared/domain/conversation';
import { soundTree } from '../shared/domain/sound-tree';
import type { AddedCounts, WholeConversation } from './conversation-repository';
import type { AllTables, Table } from './tables';

/** The tables that a conversation lies in. */
export const whole = ['conversations', 'messages', 'attachments', 'drafts'] as const;
type WholeTables = Pick<AllTables, (typeof whole)[number]>;

export async function readWhole(tables: WholeTables, id: ConversationId): Promise<WholeConversation | null> {
  const [conversation, messages, attachments, draft] = await Promise.all([
    tables.conversations.get(id),
    tables.messages.of(id),
    tables.attachments.of(id),
    tables.drafts.get(id),
  ]);
  return conversation ? { conversation, messages, attachments, draft: draft ?? null } : null;
}

export async function removeWhole(tables: WholeTables, id: ConversationId): Promise<WholeConversation | null> {
  const [stored, messageIds, attachmentIds] = await Promise.all([
    readWhole(tables, id),
    tables.messages.idsOf(id),
    tables.attachments.idsOf(id),
  ]);
  await Promise.all([
    tables.conversations.delete(id),
    tables.drafts.delete(id),
    ...messageIds.map((messageId) => tables.messages.delete(messageId)),
    ...attachmentIds.map((attachmentId) => tables.attachments.delete(attachmentId)),
  ]);
  return stored;
}

/** Adds what is not there; see `ConversationRepository.addMany`. */
export async function addWhole(tables: WholeTables, record: WholeConversation): Promise<AddedCounts> {
  const { conversation, messages, attachments, draft } = record;
  const stored = await tables.conversations.get(conversation.id);
  const add = async <T extends { readonly id: string }>(
    table: Pick<Table<T>, 'has' | 'put'>,
    values: readonly T[],
  ): Promise<number> => {
    const known = await Promise.all(values.map(({ id }) => table.has(id)));
    const fresh = values.filter((_, index) => !known[index]);
    await Promise.all(fresh.map((value) => table.put(value)));
    return fresh.length;
  };
  if (!stored) await tables.conversations.put(conversation);
  const added = await add(tables.messages, messages);
  await add(tables.attachments, attachments);
  if (draft && !stored) await add(tables.drafts, [draft]);
  if (stored ? added > 0 : added < messages.length) await mend(tables, stored ?? conversation, conversation);
  return { conversations: stored ? 0 : 1, messages: added };
}

/** Of messages that come from two places, some may hang on what is in neither, or below the end of what is shown. */
async function mend(tables: WholeTables, shown: Conversation, added: Conversation): Promise<void> {
  const all = await tables.messages.of(shown.id);
  const goes = goesOn(all, shown.activeLeafId, added.activeLeafId);
  const { messages, activeLeafId } = soundTree(all, goes ? added.activeLeafId : shown.activeLeafId);
  const before = new Set(all);
  await Promise.all(messages.filter((message) => !before.has(message)).map((message) => tables.messages.put(message)));
  const updatedAt = goes ? Math.max(shown.updatedAt, added.updatedAt) : shown.updatedAt;
  await tables.conversations.put({ ...shown, activeLeafId, updatedAt });
}

/** Whether the branch that ends at `to` is the one that ends at `from`, and more of it: then nothing is hidden by showing it. */
function goesOn(messages: readonly Message[], from: MessageId | null, to: MessageId | null): boolean {
  const parents = new Map(messages.map(({ id, parentId }) => [id, parentId]));
  const passed = new Set<MessageId>();
  for (let id = to; id !== null && parents.has(id) && !passed.has(id); id = parents.get(id) ?? null) {
    if (id === from) return true;
    passed.add(id);
  }
  return from === null && to !== null && parents.has(to);
}

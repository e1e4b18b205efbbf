/** Conversations with all that belongs to them: reading, deleting, adding and reworking each in one transaction. Loaded late. */
import type { Conversation, ConversationId, Message, MessageId } from '../shared/domain/conversation';
import { soundTree } from '../shared/domain/sound-tree';
import type {
  AddedCounts,
  ConversationIds,
  ConversationRecord,
  Rework,
  Reworked,
  WholeConversation,
} from './conversation-repository';
import type { AllTables, Table, Tables } from './tables';
import { addedTogether, inTransactions } from './transaction-size';

/** The tables that a conversation lies in. */
const whole = ['conversations', 'messages', 'attachments', 'drafts'] as const;
type WholeTables = Pick<AllTables, (typeof whole)[number]>;

async function readWhole(tables: WholeTables, id: ConversationId): Promise<WholeConversation | null> {
  const [conversation, messages, attachments, draft] = await Promise.all([
    tables.conversations.get(id),
    tables.messages.of(id),
    tables.attachments.of(id),
    tables.drafts.get(id),
  ]);
  return conversation ? { conversation, messages, attachments, draft: draft ?? null } : null;
}

async function removeWhole(tables: WholeTables, id: ConversationId): Promise<WholeConversation | null> {
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
async function addWhole(tables: WholeTables, record: WholeConversation): Promise<AddedCounts> {
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

const attachmentIdsOf = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap((message) => (message.role === 'user' ? (message.attachments ?? []).map(({ id }) => id) : []));

export function readMany(store: Tables, ids: readonly ConversationId[]): Promise<readonly WholeConversation[]> {
  return store.run('readonly', whole, async (tables) => {
    const found = await Promise.all(ids.map((id) => readWhole(tables, id)));
    return found.filter((record) => record !== null);
  });
}

export function rework(
  store: Tables,
  id: ConversationId,
  make: (stored: ConversationRecord) => Rework | null,
): Promise<Reworked | null> {
  return store.run('readwrite', ['conversations', 'messages', 'attachments'], async (tables) => {
    const [stored, messages] = await Promise.all([tables.conversations.get(id), tables.messages.of(id)]);
    const work = stored ? make({ conversation: stored, messages }) : null;
    if (!stored || work === null) return null;
    const { fields = {}, put = [], attachments = [], drop = [] } = work;
    const gone = new Set(drop);
    const dropped = messages.filter((message) => gone.has(message.id));
    const stillUsed = new Set(attachmentIdsOf(messages.filter((message) => !gone.has(message.id))));
    const unused = attachmentIdsOf(dropped).filter((attachmentId) => !stillUsed.has(attachmentId));
    const droppedAttachments = await Promise.all(unused.map((unusedId) => tables.attachments.get(unusedId)));
    const conversation = { ...stored, ...fields };
    await Promise.all([
      tables.conversations.put(conversation),
      ...put.map((message) => tables.messages.put(message)),
      ...attachments.map((attachment) => tables.attachments.put(attachment)),
      ...drop.map((messageId) => tables.messages.delete(messageId)),
      ...unused.map((attachmentId) => tables.attachments.delete(attachmentId)),
    ]);
    const found = droppedAttachments.filter((attachment) => attachment !== undefined);
    return { conversation, dropped: { messages: dropped, attachments: found } };
  });
}

export function removeMany(store: Tables, ids: readonly ConversationId[]): Promise<readonly WholeConversation[]> {
  return store.run('readwrite', whole, async (tables) => {
    const found = await Promise.all(ids.map((id) => removeWhole(tables, id)));
    return found.filter((record) => record !== null);
  });
}

export async function addMany(store: Tables, records: readonly WholeConversation[]): Promise<AddedCounts> {
  let counts: AddedCounts = { conversations: 0, messages: 0 };
  for (const some of inTransactions(records)) {
    const added = await store.run('readwrite', whole, async (tables) => {
      let together: AddedCounts = { conversations: 0, messages: 0 };
      for (const record of some) together = addedTogether(together, await addWhole(tables, record));
      return together;
    });
    counts = addedTogether(counts, added);
  }
  return counts;
}

export function missing(store: Tables, conversations: readonly ConversationIds[]): Promise<readonly (number | null)[]> {
  return store.run('readonly', ['conversations', 'messages'], (tables) =>
    Promise.all(
      conversations.map(async ({ id, messageIds }) => {
        if (!(await tables.conversations.has(id))) return null;
        const here = new Set(await tables.messages.idsOf(id));
        return messageIds.filter((messageId) => !here.has(messageId)).length;
      }),
    ),
  );
}

/** What a person can do to a conversation besides asking: each is one transaction, and can be undone where it takes something away. */
import type { Attachment } from '../shared/domain/attachment';
import type { Conversation, ConversationId, Message, MessageId } from '../shared/domain/conversation';
import { without } from '../shared/domain/chosen-fields';
import { branchTo, messagesById } from '../shared/domain/message-tree';
import { leafWithout, subtreeOf } from '../shared/domain/subtree';
import type { ConversationRepository } from '../storage/conversation-repository';

/** Brings back what was there before. Rejects with a `FailureError`. */
export type Undo = () => Promise<void>;

/** Deletes a message and all below it. Null when it is not there. */
export async function deleteFrom(
  repository: ConversationRepository,
  id: ConversationId,
  messageId: MessageId,
): Promise<Undo | null> {
  let leafBefore: MessageId | null = null;
  const reworked = await repository.rework(id, ({ conversation, messages: stored }) => {
    const messages = messagesById(stored);
    if (!messages.has(messageId)) return null;
    leafBefore = conversation.activeLeafId;
    const activeLeafId = leafWithout(messages, messageId, leafBefore);
    return { fields: { activeLeafId, updatedAt: Date.now() }, drop: subtreeOf(messages, messageId) };
  });
  if (reworked === null) return null;
  const { messages: put, attachments } = reworked.dropped;
  return async () =>
    void (await repository.rework(id, () => ({ fields: { activeLeafId: leafBefore }, put, attachments })));
}

/** Puts other words into an answer, which is marked as edited. Null when it is no answer, or says that already. */
export async function editAnswer(
  repository: ConversationRepository,
  id: ConversationId,
  messageId: MessageId,
  text: string,
): Promise<Undo | null> {
  let before: Message | null = null;
  const reworked = await repository.rework(id, ({ messages }) => {
    const answer = messages.find((message) => message.id === messageId);
    if (answer?.role !== 'assistant' || answer.text === text) return null;
    before = answer;
    return { put: [{ ...answer, text, edited: true }] };
  });
  if (reworked === null) return null;
  return async () => void (await repository.rework(id, () => (before === null ? null : { put: [before] })));
}

/**
 * Copies the branch that ends at a message into a conversation of its own, with its settings and files.
 * @returns the new conversation; null when the message is not there
 */
export async function fork(
  repository: ConversationRepository,
  id: ConversationId,
  messageId: MessageId,
  titleOf: (title: string) => string,
): Promise<Conversation | null> {
  const [whole] = await repository.readWhole([id]);
  const branch = whole ? branchTo(messagesById(whole.messages), messageId) : [];
  if (!whole || branch.length === 0) return null;
  const kept = without(whole.conversation, 'pinned', 'archived');
  const copyId = crypto.randomUUID();
  const newIds = new Map<string, string>();
  const newId = (old: string): string => {
    const known = newIds.get(old) ?? crypto.randomUUID();
    newIds.set(old, known);
    return known;
  };
  const used = new Set<string>();
  const messages = branch.map((message): Message => {
    const moved = {
      id: newId(message.id),
      conversationId: copyId,
      parentId: message.parentId === null ? null : newId(message.parentId),
    };
    if (message.role === 'assistant') return { ...message, ...moved };
    if (!message.attachments) return { ...message, ...moved };
    for (const attachment of message.attachments) used.add(attachment.id);
    return {
      ...message,
      ...moved,
      attachments: message.attachments.map((attachment) => ({ ...attachment, id: newId(attachment.id) })),
    };
  });
  const attachments = whole.attachments
    .filter((attachment) => used.has(attachment.id))
    .map((attachment): Attachment => ({ ...attachment, id: newId(attachment.id), conversationId: copyId }));
  const now = Date.now();
  const copy: Conversation = {
    ...kept,
    id: copyId,
    title: titleOf(kept.title),
    // Else a model would give the copy the title of the original.
    titledBy: 'person',
    createdAt: now,
    updatedAt: now,
    activeLeafId: messages.at(-1)?.id ?? null,
  };
  await repository.write(copy, messages, attachments);
  return copy;
}

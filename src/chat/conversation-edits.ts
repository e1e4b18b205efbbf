/** What a person can do to a conversation besides asking: each can be undone where it takes something away. */
import type { Conversation, ConversationId, Message, MessageId } from '../contracts/conversation';
import type { ConversationRepository } from '../storage/conversation-repository';
import { branchTo, newestLeafBelow, type MessagesById } from './message-tree';

/** Brings back what was there before. Rejects with a `FailureError`. */
export type Undo = () => Promise<void>;

const byId = (messages: readonly Message[]): MessagesById => new Map(messages.map((message) => [message.id, message]));

function below(messages: readonly Message[], id: MessageId): ReadonlySet<MessageId> {
  const found = new Set([id]);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const message of messages) if (message.parentId !== null && found.has(message.parentId)) found.add(message.id);
  }
  return found;
}

/** Deletes a message and all below it. Null when it is not there. */
export async function deleteFrom(
  repository: ConversationRepository,
  id: ConversationId,
  messageId: MessageId,
): Promise<Undo | null> {
  const record = await repository.read(id);
  const message = record?.messages.find((one) => one.id === messageId);
  if (!record || !message) return null;
  const gone = below(record.messages, messageId);
  const left = record.messages.filter((one) => !gone.has(one.id));
  const beside = left.filter(({ parentId }) => parentId === message.parentId).at(-1);
  const activeLeafId = beside ? newestLeafBelow(byId(left), beside.id) : message.parentId;
  await repository.remove(id);
  await repository.write({ ...record.conversation, activeLeafId }, left);
  return () => repository.write(record.conversation, record.messages);
}

/** Puts other words into an answer, which is marked as edited. Null when it is no answer, or says that already. */
export async function editAnswer(
  repository: ConversationRepository,
  id: ConversationId,
  messageId: MessageId,
  text: string,
): Promise<Undo | null> {
  const record = await repository.read(id);
  const answer = record?.messages.find((one) => one.id === messageId);
  if (answer?.role !== 'assistant' || answer.text === text) return null;
  await repository.writeMessage({ ...answer, text, edited: true });
  return () => repository.writeMessage(answer);
}

/** Copies the branch that ends at a message into a conversation of its own. Null when the message is not there. */
export async function fork(
  repository: ConversationRepository,
  id: ConversationId,
  messageId: MessageId,
  titleOf: (title: string) => string,
): Promise<Conversation | null> {
  const record = await repository.read(id);
  const branch = record ? branchTo(byId(record.messages), messageId) : [];
  if (!record || branch.length === 0) return null;
  const copyId = crypto.randomUUID();
  const ids = new Map(branch.map((message) => [message.id, crypto.randomUUID() as string]));
  const messages = branch.map((message) => ({
    ...message,
    id: ids.get(message.id) ?? message.id,
    conversationId: copyId,
    parentId: message.parentId === null ? null : (ids.get(message.parentId) ?? null),
  }));
  const now = Date.now();
  const copy: Conversation = {
    ...record.conversation,
    id: copyId,
    title: titleOf(record.conversation.title),
    titledBy: 'person',
    createdAt: now,
    updatedAt: now,
    activeLeafId: messages.at(-1)?.id ?? null,
  };
  await repository.write(copy, messages);
  return copy;
}

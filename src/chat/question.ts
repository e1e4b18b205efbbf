import type { ConversationId, MessageId, UserMessage } from '../contracts/conversation';
import type { PendingFile } from './files/pending-files.svelte';

const titleLength = 60;

/** What a conversation is called by its first question, until a model or a person finds something better. */
export const titleFrom = (text: string): string => {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > titleLength ? `${line.slice(0, titleLength - 1).trimEnd()}…` : line;
};

/** A new message of the person. */
export function question(
  conversationId: ConversationId,
  text: string,
  parentId: MessageId | null,
  files: readonly PendingFile[],
): UserMessage {
  const attachments = files.map(({ ref }) => ref);
  return {
    role: 'user',
    id: crypto.randomUUID(),
    conversationId,
    parentId,
    text,
    createdAt: Date.now(),
    ...(attachments.length > 0 && { attachments }),
  };
}

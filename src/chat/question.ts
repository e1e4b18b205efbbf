import type { ConversationId, MessageId, UserMessage } from '../shared/domain/conversation';
import type { PendingFile } from './files/pending-files.svelte';

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

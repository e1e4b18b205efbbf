import type { ConversationId, Message, MessageId, UserMessage } from '../shared/domain/conversation';
import { firstLine } from '../shared/domain/first-line';
import { altOf } from './files/picture-alt';
import type { PendingFile } from './files/pending-file.svelte';

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

/** What a conversation is called that begins with this question. */
export const titleOf = (text: string, files: readonly PendingFile[]): string =>
  firstLine(text || (files[0] ? altOf(files[0]) : ''));

interface AskedSession {
  readonly conversationId: ConversationId | null;
  /** The branch on the screen. */
  readonly path: readonly Message[];
}

/** A question as it would be sent now. */
export const nextQuestion = (
  { conversationId, path }: AskedSession,
  text: string,
  files: readonly PendingFile[],
): UserMessage => question(conversationId ?? '', text, path.at(-1)?.id ?? null, files);

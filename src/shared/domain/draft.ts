/** What a person has typed but not sent. Types, and the name of the draft that belongs to no conversation yet. */
import type { AttachmentId } from './attachment';
import type { ConversationId } from './conversation';

/** The key of the new chat's draft. No conversation can have it: their ids have at least one character. */
export const newChat = '';

export interface Draft {
  /** Of the conversation it is for, or `newChat`. */
  readonly id: ConversationId | typeof newChat;
  readonly text: string;
  /** Files that wait with it; they are stored already. */
  readonly attachmentIds: readonly AttachmentId[];
  /** ms since the epoch */
  readonly updatedAt: number;
}

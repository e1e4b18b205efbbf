import type { Conversation, ConversationId } from '../shared/domain/conversation';

/** The menu of a conversation, opened at a button. */
export interface OpenMenu {
  readonly conversation: Conversation;
  readonly anchor: HTMLElement;
  readonly rename: () => void;
}

/** A dialog about conversations of the list. */
export interface ListDialog {
  readonly kind: 'tags' | 'export';
  readonly ids: readonly ConversationId[];
}

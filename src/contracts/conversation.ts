/** What is stored of a conversation. A tree of messages: each knows its parent, the conversation knows the active leaf. */
import type { Failure } from './failure';
import type { FinishReason, GenerationFigures } from './engine';

export type ConversationId = string;
export type MessageId = string;

export interface Conversation {
  readonly id: ConversationId;
  readonly title: string;
  /** ms since the epoch */
  readonly createdAt: number;
  /** ms since the epoch, of the last message written to it */
  readonly updatedAt: number;
  /** The end of the branch that is shown; null while it has no message. Stored in the transaction of the message it names. */
  readonly activeLeafId: MessageId | null;
}

export interface UserMessage {
  readonly role: 'user';
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly parentId: MessageId | null;
  readonly text: string;
  readonly createdAt: number;
}

export type AnswerState =
  /** Being written now, by the tab that holds the conversation's lock. Found without that lock, it was cut off by a crash. */
  | 'streaming'
  | 'whole'
  /** The page or the device went away in the middle. */
  | 'interrupted'
  | 'failed';

export interface AnswerMessage {
  readonly role: 'assistant';
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly parentId: MessageId | null;
  readonly text: string;
  readonly createdAt: number;
  readonly state: AnswerState;
  readonly modelId: string;
  readonly modelName: string;
  readonly backend?: string | undefined;
  readonly finishReason?: FinishReason | undefined;
  readonly figures?: GenerationFigures | undefined;
  readonly failure?: Failure | undefined;
}

export type Message = UserMessage | AnswerMessage;

/** What is stored of a conversation. A tree of messages: each knows its parent, the conversation knows the active leaf. */
import type { AttachmentRef } from './attachment';
import type { ChatSettings } from './chat-settings';
import type { Failure } from '../protocol/failure';
import type { FinishReason, GenerationFigures } from '../protocol/engine';
import type { FoundPlace, PlaceSearch } from './collection';
import type { PersonaId } from './persona';

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
  /** Who named it: until a person does, a model may find a better title. Absent: the first line of the first question. */
  readonly titledBy?: 'model' | 'person';
  readonly pinned?: boolean;
  readonly archived?: boolean;
  /** As typed, without duplicates, in the order in which they were given. */
  readonly tags?: readonly string[];
  readonly personaId?: PersonaId;
  /** What differs here from the persona and the defaults. */
  readonly settings?: ChatSettings;
}

export interface UserMessage {
  readonly role: 'user';
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly parentId: MessageId | null;
  readonly text: string;
  readonly createdAt: number;
  /** Files whose text goes into the prompt before the question, in this order. */
  readonly attachments?: readonly AttachmentRef[];
}

/** What was done because the conversation did not fit the context window. Shown at the answer: nothing is dropped silently. */
export type ContextTreatment =
  /** The first `pictures` pictures were left out; all words were there. */
  | { readonly kind: 'pictures-dropped'; readonly pictures: number }
  /** `pictures`: the first of those that came after these turns were left out as well. */
  | { readonly kind: 'dropped'; readonly turns: number; readonly pictures?: number }
  /** The first `turns` turns were replaced by this summary, which the model wrote. The word is stored, so its spelling stays. */
  | { readonly kind: 'summarised'; readonly turns: number; readonly summary: string; readonly pictures?: number };

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
  /** The settings in force when it was written, defaults and persona included. */
  readonly settings?: ChatSettings | undefined;
  /** How long the model thought before it answered, in ms. */
  readonly thinkingMs?: number | undefined;
  readonly context?: ContextTreatment | undefined;
  /** What of the person's own files went into its prompt, in the order of their numbers there (from 1). */
  readonly places?: readonly FoundPlace[] | undefined;
  /** Absent where its conversation has no collections. */
  readonly search?: PlaceSearch | undefined;
  /** A person changed its text after it was written. */
  readonly edited?: boolean | undefined;
  /** It was cut off and gone on with: its figures are those of the last part. */
  readonly continued?: boolean | undefined;
}

export type Message = UserMessage | AnswerMessage;

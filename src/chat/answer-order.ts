/** What an answer is written from, and who is told of it. */
import type { AnswerMessage, Conversation, Message } from '../shared/domain/conversation';
import type { ChatSettings } from '../shared/domain/chat-settings';
import type { ChatTurn } from '../shared/protocol/engine';
import type { Failure } from '../shared/protocol/failure';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { ConversationChannel } from '../storage/conversation-channel';
import type { ConversationRepository } from '../storage/conversation-repository';
import type { AnswerWriter } from './answer-writer';
import type { DocumentsPort } from './documents/documents-port';
import type { AttachmentTexts } from './files/attachment-texts';
import type { PendingFile } from './files/pending-file.svelte';
import type { KeptConversation } from './kept-conversation.svelte';
import type { LiveAnswer } from './live-answer.svelte';
import type { SessionDraft } from './session-draft.svelte';
import type { SessionSettings } from './settings/session-settings.svelte';

/** How the last answer here came to its end. */
export type AnswerOutcome = 'whole' | 'stopped' | 'failed';

export type ChatPhase = 'idle' | 'waiting' | 'loading-model' | 'searching' | 'summarizing' | 'reading' | 'writing';

export interface AnswerHow {
  /** The answer that is gone on with, the last of the branch. */
  readonly continued?: AnswerMessage;
  /** For this answer alone. */
  readonly settings?: ChatSettings;
  /** Sent with the question. */
  readonly files?: readonly PendingFile[];
}

/** Who has to do with every answer of a conversation. */
export interface AnsweringParts {
  readonly repository: ConversationRepository;
  readonly channel: Pick<ConversationChannel, 'announce' | 'listen'>;
  readonly model: ActiveModel;
  /** Told after each change of the stored conversation, the first included. */
  readonly changed: (conversation: Conversation) => void;
  /** Told when an answer is whole, with the turns that it was an answer to. */
  readonly answered?: (answer: AnswerMessage, turns: readonly ChatTurn[]) => void;
  /** The person's own files, of which a conversation may name some. */
  readonly documents?: DocumentsPort | undefined;
  /** Nothing of this conversation may reach the disk. */
  readonly temporary?: boolean;
}

/** What of the conversation an answer is written from and into. */
export interface ConversationState {
  readonly kept: KeptConversation;
  readonly draft: SessionDraft;
  readonly fileTexts: AttachmentTexts;
  readonly settings: SessionSettings;
}

/** Told what becomes of an answer. */
export interface AnswerProgress {
  /** It stands in the store, and on the screen from now on. */
  began(live: LiveAnswer, writer: AnswerWriter): void;
  phase(phase: ChatPhase, prefillFraction: number | null): void;
  ended(): void;
  /** What went wrong beside the answer, which carries its own failure. */
  failed(failure: Failure): void;
}

export interface AnswerOrder extends AnswerHow {
  readonly header: Conversation;
  /** Ends with the question, or with the answer that is continued. */
  readonly branch: readonly Message[];
  /** Those of the branch that are not stored yet. */
  readonly fresh: readonly Message[];
}

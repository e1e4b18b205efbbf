import type { ContextPolicy } from '../../shared/domain/chat-settings';
import type { Message } from '../../shared/domain/conversation';
import type { PromptParts } from '../prompt';

/** What a prompt is made of. */
export interface PromptJob {
  /** Ends with the question, or with the answer that is continued. */
  readonly branch: readonly Message[];
  readonly continued: boolean;
  readonly modelId: string;
  readonly parts: PromptParts;
  readonly policy: ContextPolicy;
  readonly maxTokens: number | undefined;
}

/** A message as other programs have it, before it becomes one of ours. */
import type { LeftOutKind } from '../../src/shared/protocol/chat-files';

export interface ForeignFile {
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}

export interface ForeignMessage {
  readonly id: string;
  readonly parentId: string | null;
  /** Null for what is no word of either side (a system prompt, a tool's output): what follows it follows what it follows. */
  readonly role: 'user' | 'assistant' | null;
  readonly text: string;
  /** What was thought before the answer, or before the answer that follows. */
  readonly thought?: string | undefined;
  /** How long that took, in ms. */
  readonly thinkingMs?: number | undefined;
  /** The text is the state of this document: a later one in the same answer takes its place. */
  readonly document?: string | undefined;
  /** ms since the epoch */
  readonly createdAt?: number | undefined;
  readonly model?: string | undefined;
  readonly files?: readonly ForeignFile[];
  /** One entry for each thing that is not taken over. */
  readonly leftOut?: readonly LeftOutKind[];
}

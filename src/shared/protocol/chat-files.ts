/** Our own file of chats (docs/chat-files.md), and what page and import worker say to each other. */
import type { Attachment } from '../domain/attachment';
import type { ChatSettings } from '../domain/chat-settings';
import type { Conversation, ConversationId, Message, MessageId } from '../domain/conversation';
import type { Draft } from '../domain/draft';
import type { LabRecord } from '../domain/lab/lab-records';
import type { Result } from './failure';
import type { Persona } from '../domain/persona';

/** The `type` of the first line. */
export const chatFileType = 'sotto-chats';
export const chatFileVersion = 2;

/** Characters of base64 in one line, at most: a multiple of four, so that every line can be read alone. */
export const dataLineCharacters = 768 * 1024;

export type ChatFileFormat = 'sotto' | 'llama-cpp' | 'open-webui' | 'chatgpt' | 'web-llm-chat';

/** Why a part of a file was not taken. */
export const importProblems = [
  /** It is not JSON, or ends in the middle. */
  'not-json',
  /** Some of its characters are broken, or it is in another encoding. */
  'not-utf-8',
  'too-large',
  'nested-too-deeply',
  /** It looks like none of the formats. */
  'not-a-conversation',
  'no-messages',
  /** A message or a file of a conversation that is not in this file. */
  'belongs-nowhere',
  /** It was there before, in the same file. */
  'twice',
  /** Something in it is not what the format says. */
  'invalid',
] as const;
export type ImportProblem = (typeof importProblems)[number];

export interface BrokenPart {
  /** Of the line, or of the conversation in its list, from 1. */
  readonly place: number;
  /** The file inside of an archive. */
  readonly file?: string;
  readonly title?: string;
  readonly problem: ImportProblem;
}

/** What is in other programs' files and not taken over. */
export const leftOutKinds = [
  'image',
  'audio',
  'video',
  /** An attached file whose content is not in the export. */
  'file',
  /** What a model asked of a tool: a search, code to run. */
  'tool-call',
  'tool-result',
  /** A change of a canvas document that could not be followed. */
  'canvas-change',
  'canvas-comment',
  /** A page that is cited, without its address. */
  'source',
  /** A map, a chart, a list of products. */
  'embed',
  /** What the other program remembers of a person. */
  'memory',
  /** A message that the other program does not show. */
  'hidden',
  /** Content of a kind that is not known here. */
  'unknown',
] as const;
export type LeftOutKind = (typeof leftOutKinds)[number];
/** How many of each. */
export type LeftOut = Readonly<Partial<Record<LeftOutKind, number>>>;

/** A conversation of a file: checked, and in our own form. */
export interface ReadConversation {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
  readonly attachments: readonly Attachment[];
  readonly draft: Draft | null;
  /** Absent where nothing was. */
  readonly leftOut?: LeftOut;
}

export function addedUp(a: LeftOut, b: LeftOut = {}): LeftOut {
  const counted = leftOutKinds.map((kind) => [kind, (a[kind] ?? 0) + (b[kind] ?? 0)] as const);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

/** What is shown of it before anything is written. */
export interface ConversationPreview {
  readonly id: ConversationId;
  readonly title: string;
  /** ms since the epoch */
  readonly updatedAt: number;
  readonly messageIds: readonly MessageId[];
}

/** A record that this version does not understand. */
export interface UnknownRecord {
  readonly id: string;
  readonly line: string;
}

export interface ReadBatch<Entry = ReadConversation> {
  readonly conversations: readonly Entry[];
  readonly personas: readonly Persona[];
  readonly defaults: ChatSettings | null;
  readonly lab: readonly LabRecord[];
  readonly unknown: readonly UnknownRecord[];
  readonly broken: readonly BrokenPart[];
  /** Of all these conversations. */
  readonly leftOut: LeftOut;
  /** Share of the file that has been read, 0 to 1. */
  readonly fraction: number;
  readonly done: boolean;
}

export interface OpenedFile {
  /** Of the first conversation that was found. Null where the file holds other records only. */
  readonly format: ChatFileFormat | null;
  /** The file was made by a newer version of Sotto: what it added is kept, but cannot be shown. */
  readonly newer: boolean;
}

/** The calls that the import worker answers. One file at a time; to cancel, the worker is ended. */
export interface ChatFileReaderApi {
  /** Begins to read a file, from its beginning. The failure is `import-unreadable` where nothing in it can be chats. */
  open(file: Blob): Promise<Result<OpenedFile>>;
  /** The next part, for the preview. */
  preview(): Promise<Result<ReadBatch<ConversationPreview>>>;
  /** The next part, whole. */
  next(): Promise<Result<ReadBatch>>;
}

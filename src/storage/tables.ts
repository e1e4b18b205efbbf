/**
 * What the repositories stand on: tables in transactions. There are two kinds, IndexedDB's and one in memory for browsers that
 * refuse it; everything above is written once, so both behave the same.
 */
import type { Attachment } from '../shared/domain/attachment';
import type { Conversation, ConversationId, Message } from '../shared/domain/conversation';
import type { Collection, CollectionDocument, DocumentContent } from '../shared/domain/collection';
import type { Draft } from '../shared/domain/draft';
import type { Persona } from '../shared/domain/persona';
import type { CaseSet } from '../shared/domain/lab/case-set';
import type { BlindChoice, LabAnswer, LabRun } from '../shared/domain/lab/run';
import type { ChatServer } from '../shared/domain/server';
import type { KeptRecord, SettingRecord } from './records';

export interface Table<Value> {
  get(id: string): Promise<Value | undefined>;
  has(id: string): Promise<boolean>;
  all(): Promise<readonly Value[]>;
  /** Those whose id begins with that of what they belong to. */
  startingWith(prefix: string): Promise<readonly Value[]>;
  put(value: Value): Promise<void>;
  delete(id: string): Promise<void>;
}

/** A table of things that belong to conversations. */
export interface PartTable<Value> extends Table<Value> {
  of(conversationId: ConversationId): Promise<readonly Value[]>;
  idsOf(conversationId: ConversationId): Promise<readonly string[]>;
}

export interface ConversationTable extends Table<Conversation> {
  /** By the time of the last message, newest first. */
  newestFirst(): Promise<readonly Conversation[]>;
  /** The newest `count` that `accept` takes; it stops reading when it has them. */
  newest(count: number, accept: (conversation: Conversation) => boolean): Promise<readonly Conversation[]>;
  pinned(): Promise<readonly Conversation[]>;
}

export interface AllTables {
  readonly conversations: ConversationTable;
  readonly messages: PartTable<Message>;
  readonly attachments: PartTable<Attachment>;
  readonly drafts: Table<Draft>;
  readonly personas: Table<Persona>;
  readonly settings: Table<SettingRecord>;
  readonly keptRecords: Table<KeptRecord>;
  readonly labSets: Table<CaseSet>;
  readonly labRuns: Table<LabRun>;
  readonly labAnswers: Table<LabAnswer>;
  readonly labChoices: Table<BlindChoice>;
  readonly servers: Table<ChatServer>;
  readonly collections: Table<Collection>;
  readonly documents: Table<CollectionDocument>;
  /** Apart from `documents`: a list of those is read whole, and these are large. */
  readonly documentContents: Table<DocumentContent>;
}

export type TableName = keyof AllTables;

export interface Tables {
  /**
   * Runs `work` in one transaction over the named tables: all of it is written or none. Inside, nothing may be awaited but the
   * tables' own promises, or the transaction ends too early. Rejects with a `FailureError` of a storage kind.
   */
  run<Name extends TableName, T>(
    mode: 'readonly' | 'readwrite',
    names: readonly Name[],
    work: (tables: Pick<AllTables, Name>) => Promise<T>,
  ): Promise<T>;
}

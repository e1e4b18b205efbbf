/** What is shown in the place of a record whose seal is broken. */
import type { Attachment } from '../shared/domain/attachment';
import type { AnswerMessage, Conversation } from '../shared/domain/conversation';
import type { SealedRecord } from '../shared/domain/lock';
import type { Persona } from '../shared/domain/persona';
import { m } from '../text/paraglide/messages.js';
import type { TableName } from './tables';

/** A symbol, so that it goes along with copies of the object and is never exported. */
const original = Symbol('sealed record');

/** The record as it lies in the database, when `value` only stands in its place. */
export const originalOf = (value: unknown): SealedRecord | undefined =>
  (value as { readonly [original]?: SealedRecord } | null)?.[original];

type Shown = Conversation | AnswerMessage | Attachment | Persona;

function standIn(table: TableName, { id, conversationId = '', updatedAt = 0 }: SealedRecord): Shown | undefined {
  const title = m.unreadable_title();
  switch (table) {
    case 'conversations':
      return { id, title, createdAt: updatedAt, updatedAt, activeLeafId: null };
    case 'messages':
      return {
        role: 'assistant',
        id,
        conversationId,
        parentId: null,
        text: '',
        createdAt: 0,
        state: 'failed',
        modelId: '',
        modelName: title,
        failure: { kind: 'record-unreadable', technical: `message ${id}` },
      };
    case 'attachments': {
      const nothing = new Blob([]);
      return { id, conversationId, name: title, mediaType: 'text/plain', file: nothing, text: nothing, createdAt: 0 };
    }
    case 'personas':
      return { id, name: title, icon: '⚠️', settings: {}, createdAt: 0, updatedAt: 0 };
    case 'drafts':
    case 'settings':
    case 'keptRecords':
    case 'labSets':
    case 'labRuns':
    case 'labAnswers':
    case 'labChoices':
    case 'servers':
    case 'collections':
    case 'documents':
    case 'documentContents':
      return undefined;
  }
}

/** Undefined where nothing could be shown. */
export function placeholderFor(table: TableName, sealed: SealedRecord): object | undefined {
  const value = standIn(table, sealed);
  return value && { ...value, [original]: sealed };
}

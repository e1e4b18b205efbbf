/** The records of our own file, checked one by one. What is unknown in them is kept. */
import type { AttachmentRef, PictureFacts, SoundFacts } from '../../src/shared/domain/attachment';
import { settingsFrom } from '../../src/shared/domain/checked-settings';
import type {
  AnswerMessage,
  ContextTreatment,
  Conversation,
  Message,
  UserMessage,
} from '../../src/shared/domain/conversation';
import type { Draft } from '../../src/shared/domain/draft';
import type { GenerationFigures } from '../../src/shared/protocol/engine';
import { failureKinds, type Failure } from '../../src/shared/protocol/failure';
import { present } from '../../src/shared/domain/chosen-fields';
import {
  isFields,
  isId,
  isPartId,
  numberIn,
  oneOf,
  textIn,
  timeIn,
  unknownFields,
  type Fields,
} from '../../src/shared/domain/fields';
import { placeSearchFrom, placesFrom } from './found-places';

const longestText = 50_000_000;
const longestName = 300;
const anyNumber = [0, Number.MAX_SAFE_INTEGER] as const;

const conversationFields =
  'type id title createdAt updatedAt activeLeafId titledBy pinned archived tags personaId settings'.split(' ');

/** Null without an id. A time that is none is the time of the import: a conversation is not lost for that. */
export function conversationFrom(fields: Fields): Conversation | null {
  const { id, title, createdAt, updatedAt, activeLeafId, titledBy, pinned, archived, tags, personaId, settings } =
    fields;
  if (!isId(id)) return null;
  const created = timeIn(createdAt) ?? timeIn(updatedAt) ?? Date.now();
  const names = Array.isArray(tags) ? tags.flatMap((tag) => textIn(tag, 100) ?? []) : [];
  return {
    ...unknownFields(fields, conversationFields),
    id,
    title: textIn(title, 500) ?? '',
    createdAt: created,
    updatedAt: timeIn(updatedAt) ?? created,
    activeLeafId: isPartId(activeLeafId) ? activeLeafId : null,
    ...present<Partial<Conversation>>({
      titledBy: oneOf(titledBy, ['model', 'person']),
      pinned: typeof pinned === 'boolean' ? pinned : undefined,
      archived: typeof archived === 'boolean' ? archived : undefined,
      tags: Array.isArray(tags) ? [...new Set(names)].slice(0, 100) : undefined,
      personaId: isId(personaId) ? personaId : undefined,
      settings: isFields(settings) ? settingsFrom(settings) : undefined,
    }),
  };
}

const baseFields = 'type role id conversationId parentId text createdAt'.split(' ');
const answerFields =
  'state modelId modelName backend finishReason figures failure settings thinkingMs context places search edited continued'.split(
    ' ',
  );

/** Undefined for what is no picture. */
export function pictureFrom(value: unknown): PictureFacts | undefined {
  if (!isFields(value)) return undefined;
  const width = numberIn(value['width'], 1, 65_535);
  const height = numberIn(value['height'], 1, 65_535);
  if (width === undefined || height === undefined) return undefined;
  const description = textIn(value['description'], 10_000);
  return { width, height, ...(description && { description }) };
}

/** Undefined for what is no sound. */
export function soundFrom(value: unknown): SoundFacts | undefined {
  if (!isFields(value)) return undefined;
  const seconds = numberIn(value['seconds'], 0, 100_000);
  return seconds === undefined ? undefined : { seconds };
}

function referenceFrom(value: unknown): AttachmentRef | null {
  if (!isFields(value) || !isPartId(value['id'])) return null;
  const picture = pictureFrom(value['picture']);
  const sound = soundFrom(value['sound']);
  const count = (name: string): number => numberIn(value[name], ...anyNumber) ?? 0;
  return {
    ...unknownFields(value, [
      'id',
      'name',
      'mediaType',
      'bytes',
      'usedCharacters',
      'textCharacters',
      'picture',
      'sound',
    ]),
    id: value['id'],
    name: textIn(value['name'], longestName) ?? '',
    mediaType: textIn(value['mediaType'], 100) ?? '',
    bytes: count('bytes'),
    usedCharacters: count('usedCharacters'),
    textCharacters: count('textCharacters'),
    ...(picture && { picture }),
    ...(sound && { sound }),
  };
}

function figuresFrom(value: unknown): GenerationFigures | undefined {
  if (!isFields(value)) return undefined;
  const names = ['promptTokens', 'reusedTokens', 'completionTokens', 'timeToFirstTokenMs', 'decodeMs'] as const;
  const numbers = names.map((name) => [name, numberIn(value[name], ...anyNumber)] as const);
  if (numbers.some(([, number]) => number === undefined)) return undefined;
  return { ...unknownFields(value, names), ...Object.fromEntries(numbers) } as unknown as GenerationFigures;
}

function failureFrom(value: unknown): Failure | undefined {
  if (!isFields(value)) return undefined;
  const kind = oneOf(value['kind'], failureKinds);
  if (kind === undefined) return undefined;
  return {
    kind,
    technical: textIn(value['technical'], 10_000) ?? '',
    ...present<Pick<Failure, 'subject'>>({ subject: textIn(value['subject'], longestName) }),
  };
}

function contextFrom(value: unknown): ContextTreatment | undefined {
  if (!isFields(value)) return undefined;
  const pictures = numberIn(value['pictures'], ...anyNumber);
  if (value['kind'] === 'pictures-dropped')
    return pictures === undefined ? undefined : { kind: 'pictures-dropped', pictures };
  const turns = numberIn(value['turns'], ...anyNumber);
  const summary = textIn(value['summary'], longestText);
  if (turns === undefined) return undefined;
  const beside = present<{ readonly pictures?: number }>({ pictures });
  if (value['kind'] === 'dropped') return { kind: 'dropped', turns, ...beside };
  if (value['kind'] !== 'summarised' || summary === undefined) return undefined;
  return { kind: 'summarised', turns, summary, ...beside };
}

/** Null without what a message cannot be without. */
export function messageFrom(fields: Fields): Message | null {
  const { role, id, conversationId, parentId, text, createdAt } = fields;
  const words = textIn(text, longestText);
  if (!isPartId(id) || !isId(conversationId) || words === undefined) return null;
  const base = {
    id,
    conversationId,
    parentId: isPartId(parentId) ? parentId : null,
    text: words,
    createdAt: timeIn(createdAt) ?? Date.now(),
  };
  if (role === 'user') {
    const refs = Array.isArray(fields['attachments'])
      ? fields['attachments'].flatMap((ref) => referenceFrom(ref) ?? [])
      : null;
    return {
      ...unknownFields(fields, [...baseFields, 'attachments']),
      role,
      ...base,
      ...(refs ? { attachments: refs } : {}),
    } satisfies UserMessage;
  }
  if (role !== 'assistant') return null;
  const modelId = textIn(fields['modelId'], longestName) ?? 'imported';
  return {
    ...unknownFields(fields, [...baseFields, ...answerFields]),
    role,
    ...base,
    // Nobody is writing it any more.
    state: oneOf(fields['state'], ['whole', 'interrupted', 'failed']) ?? 'interrupted',
    modelId,
    modelName: textIn(fields['modelName'], longestName) ?? modelId,
    ...present<Partial<AnswerMessage>>({
      backend: textIn(fields['backend'], 100),
      finishReason: oneOf(fields['finishReason'], ['stop', 'length', 'context-full', 'cancelled']),
      figures: figuresFrom(fields['figures']),
      failure: failureFrom(fields['failure']),
      settings: isFields(fields['settings']) ? settingsFrom(fields['settings']) : undefined,
      thinkingMs: numberIn(fields['thinkingMs'], ...anyNumber),
      context: contextFrom(fields['context']),
      places: placesFrom(fields['places']),
      search: placeSearchFrom(fields['search'], failureFrom),
      edited: fields['edited'] === true || undefined,
      continued: fields['continued'] === true || undefined,
    }),
  };
}

export function draftFrom(fields: Fields): Draft | null {
  const text = textIn(fields['text'], longestText);
  if (!isId(fields['id']) || text === undefined) return null;
  const ids = Array.isArray(fields['attachmentIds']) ? fields['attachmentIds'].filter(isPartId) : [];
  return { id: fields['id'], text, attachmentIds: ids, updatedAt: timeIn(fields['updatedAt']) ?? Date.now() };
}

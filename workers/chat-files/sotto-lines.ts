/** Our own file (docs/chat-files.md): a header, then one record a line; what belongs to a conversation stands behind it. */
import type { Attachment } from '../../src/shared/domain/attachment';
import type { BrokenPart, ImportProblem, ReadConversation } from '../../src/shared/protocol/chat-files';
import { personaFrom, settingsFrom } from '../../src/shared/domain/checked-settings';
import type { Conversation, ConversationId, Message } from '../../src/shared/domain/conversation';
import type { Draft } from '../../src/shared/domain/draft';
import { isFields, isId, isPartId, textIn, timeIn, type Fields } from '../../src/shared/domain/fields';
import { soundTree } from '../../src/shared/domain/sound-tree';
import { loadPart } from '../load-part';
import { AttachmentParts } from './attachment-parts';
import { fingerprint, type LineReader, type Reading } from './reading';
import { conversationFrom, draftFrom, messageFrom, pictureFrom, soundFrom } from './sotto-records';

/** What is not understood is kept up to this size: it is none of the texts of a chat. */
const longestUnknown = 1_000_000;
/** Parts that stand apart from their conversation are kept in memory until the end, up to so many. */
const mostStrays = 10_000;

interface Group {
  readonly conversation: Conversation;
  readonly place: number;
  readonly messages: Message[];
  readonly attachments: Map<string, AttachmentParts>;
  draft: Draft | null;
}

const broken = (place: number, problem: ImportProblem, title?: string): Reading => ({
  broken: [{ place, problem, ...(title === undefined ? {} : { title }) } satisfies BrokenPart],
});

function finished({ conversation, messages, attachments, draft }: Group): ReadConversation {
  const tree = soundTree(messages, conversation.activeLeafId);
  const files: Attachment[] = [...attachments.values()].map((parts) => parts.attachment());
  return {
    conversation: { ...conversation, activeLeafId: tree.activeLeafId },
    messages: tree.messages,
    attachments: files,
    draft,
  };
}

export class SottoLines implements LineReader {
  #group: Group | null = null;
  /** Every conversation so far, so that what stands far behind it still finds it. */
  readonly #headers = new Map<ConversationId, Conversation>();
  readonly #strays: { readonly message: Message; readonly place: number }[] = [];

  async take(value: unknown, text: string, place: number): Promise<readonly Reading[]> {
    if (!isFields(value)) return [broken(place, 'invalid')];
    switch (value['type']) {
      case 'conversation':
        return this.#conversation(value, place);
      case 'message':
        return this.#message(value, place);
      case 'attachment':
        return this.#attachment(value, place);
      case 'attachment-data':
        return this.#attachmentData(value, place);
      case 'draft':
        return this.#draft(value, place);
      case 'persona': {
        const persona = personaFrom(value);
        return [persona ? { personas: [persona] } : broken(place, 'invalid')];
      }
      case 'defaults':
        return [{ defaults: settingsFrom(value['settings']) }];
      case 'lab-set':
      case 'lab-run':
      case 'lab-answer':
      case 'lab-choice': {
        const { labRecordFrom } = await loadPart(() => import('../../src/shared/domain/lab/lab-records'));
        const record = labRecordFrom(value['type'], value);
        return [record ? { lab: [record] } : broken(place, 'invalid')];
      }
      default:
        return [await unknownRecord(value, text, place)];
    }
  }

  end(): Promise<readonly Reading[]> {
    const readings = [...this.#finish()];
    const homes = new Map<ConversationId, Message[]>();
    for (const { message, place } of this.#strays) {
      if (!this.#headers.has(message.conversationId)) readings.push(broken(place, 'belongs-nowhere'));
      else homes.set(message.conversationId, [...(homes.get(message.conversationId) ?? []), message]);
    }
    for (const [id, messages] of homes) {
      const conversation = this.#headers.get(id);
      if (conversation) readings.push({ conversations: [{ conversation, messages, attachments: [], draft: null }] });
    }
    return Promise.resolve(readings);
  }

  #conversation(fields: Fields, place: number): readonly Reading[] {
    const readings = this.#finish();
    const conversation = conversationFrom(fields);
    if (!conversation) return [...readings, broken(place, 'invalid', textIn(fields['title'], 200))];
    if (this.#headers.has(conversation.id)) return [...readings, broken(place, 'twice', conversation.title)];
    this.#headers.set(conversation.id, conversation);
    this.#group = { conversation, place, messages: [], attachments: new Map(), draft: null };
    return readings;
  }

  #message(fields: Fields, place: number): readonly Reading[] {
    const message = messageFrom(fields);
    if (!message) return [broken(place, 'invalid')];
    if (message.conversationId === this.#group?.conversation.id) this.#group.messages.push(message);
    else if (this.#strays.length < mostStrays) this.#strays.push({ message, place });
    else return [broken(place, 'belongs-nowhere')];
    return [];
  }

  #attachment(fields: Fields, place: number): readonly Reading[] {
    const { id, conversationId } = fields;
    if (!isPartId(id) || !isId(conversationId)) return [broken(place, 'invalid')];
    if (conversationId !== this.#group?.conversation.id) return [broken(place, 'belongs-nowhere')];
    const picture = pictureFrom(fields['picture']);
    const sound = soundFrom(fields['sound']);
    const parts = new AttachmentParts({
      id,
      conversationId,
      name: textIn(fields['name'], 300) ?? '',
      mediaType: textIn(fields['mediaType'], 100) ?? '',
      createdAt: timeIn(fields['createdAt']) ?? Date.now(),
      ...(picture && { picture }),
      ...(sound && { sound }),
    });
    this.#group.attachments.set(id, parts);
    return [];
  }

  #attachmentData(fields: Fields, place: number): readonly Reading[] {
    const parts = isPartId(fields['id']) ? this.#group?.attachments.get(fields['id']) : undefined;
    if (!parts) return [broken(place, 'belongs-nowhere')];
    return parts.add(fields['part'], fields['data']) ? [] : [broken(place, 'invalid')];
  }

  #draft(fields: Fields, place: number): readonly Reading[] {
    const draft = draftFrom(fields);
    if (!draft) return [broken(place, 'invalid')];
    if (draft.id !== this.#group?.conversation.id) return [broken(place, 'belongs-nowhere')];
    this.#group.draft = draft;
    return [];
  }

  #finish(): readonly Reading[] {
    const group = this.#group;
    this.#group = null;
    return group ? [{ conversations: [finished(group)] }] : [];
  }
}

async function unknownRecord(fields: Fields, text: string, place: number): Promise<Reading> {
  if (typeof fields['type'] !== 'string' || text.length > longestUnknown) return broken(place, 'invalid');
  const line = text.trim();
  return { unknown: [{ id: await fingerprint(line), line }] };
}

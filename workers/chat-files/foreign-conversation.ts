/** Makes a conversation of ours of what other programs call one. */
import type { Attachment, AttachmentRef } from '../../src/shared/domain/attachment';
import type { LeftOut, LeftOutKind, ReadConversation } from '../../src/shared/protocol/chat-files';
import type { Conversation, Message } from '../../src/shared/domain/conversation';
import { present } from '../../src/shared/domain/chosen-fields';
import { isId } from '../../src/shared/domain/fields';
import { cutText } from '../../src/shared/domain/cut-text';
import { firstLine } from '../../src/shared/domain/first-line';
import { soundTree } from '../../src/shared/domain/sound-tree';
import type { ForeignFile, ForeignMessage } from './foreign-message';
import { joinedAnswers } from './joined-answers';
import { fingerprint } from './reading';
import { spokenMessages, spokenTip } from './spoken-messages';

export interface ForeignConversation {
  /** Which program it is from; part of its id, so that two programs cannot mean the same. */
  readonly program: string;
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly createdAt?: number | undefined;
  readonly updatedAt?: number | undefined;
  readonly systemPrompt?: string | undefined;
  readonly pinned?: boolean | undefined;
  readonly archived?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly leafId?: string | undefined;
  readonly messages: readonly ForeignMessage[];
}

const longestTitle = 200;

/** A thought stands before its answer between tags; one that is about the tags must not end there. */
const withThought = (thought: string, text: string): string =>
  thought === '' ? text : `<think>\n${thought.replaceAll('</think>', '</ think>')}\n</think>\n\n${text}`;

function countOf(messages: readonly ForeignMessage[]): LeftOut | undefined {
  const counts = new Map<LeftOutKind, number>();
  for (const { leftOut = [] } of messages) for (const kind of leftOut) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts.size === 0 ? undefined : Object.fromEntries(counts);
}

/** Null where nobody has said anything. */
export async function fromForeign(foreign: ForeignConversation): Promise<ReadConversation | null> {
  const { messages: said, into } = joinedAnswers(spokenMessages(foreign.messages));
  const texts = new Map(said.map((message) => [message, withThought(message.thought?.trim() ?? '', message.text)]));
  const [first] = said;
  if (!first) return null;
  const words = said.map((message) => [message.role, texts.get(message)]);
  const key = foreign.id ?? (await fingerprint(JSON.stringify(words)));
  const plain = `${foreign.program}-${key}`;
  const id = isId(plain) ? plain : `${foreign.program}-${await fingerprint(key)}`;
  // Where no time is told: in the order in which they stand, and the same when the file is read again.
  const start = foreign.createdAt ?? foreign.updatedAt ?? said.find(({ createdAt }) => createdAt)?.createdAt ?? 0;
  const ids = new Map<string, string>();
  for (const [index, message] of said.entries()) {
    ids.set(message.id, /^[\w.:-]{1,100}$/.test(message.id) ? `${id}/${message.id}` : `${id}/${index}`);
  }
  const attachments: Attachment[] = [];
  let latest = start;
  const messages = said.map((message, index): Message => {
    const { role, parentId, model = 'imported', thinkingMs, files = [] } = message;
    const createdAt = message.createdAt ?? Math.max(latest, start + index);
    latest = Math.max(latest, createdAt);
    const base = {
      id: ids.get(message.id) ?? `${id}/${index}`,
      conversationId: id,
      parentId: parentId === null ? null : (ids.get(parentId) ?? null),
      text: texts.get(message) ?? '',
      createdAt,
    };
    if (role !== 'user') {
      const answer = { role: 'assistant', ...base, state: 'whole', modelId: model, modelName: model } as const;
      return thinkingMs === undefined ? answer : { ...answer, thinkingMs };
    }
    const stored = files.map((file, at) => attachmentOf(file, `${base.id}/${at}`, id, createdAt));
    attachments.push(...stored.map(({ attachment }) => attachment));
    return { role, ...base, ...(stored.length > 0 ? { attachments: stored.map(({ ref }) => ref) } : {}) };
  });
  const tip = foreign.leafId === undefined ? null : spokenTip(foreign.messages, foreign.leafId);
  const tree = soundTree(messages, tip === null ? null : (ids.get(into.get(tip) ?? tip) ?? null));
  const title = cutText(foreign.title?.trim() ?? '', longestTitle);
  const conversation: Conversation = {
    id,
    title: title || firstLine(said.find(({ role }) => role === 'user')?.text ?? first.text),
    // It has been named, there: no model here shall name it again.
    ...(title ? { titledBy: 'person' as const } : {}),
    createdAt: start,
    updatedAt: foreign.updatedAt ?? latest,
    activeLeafId: tree.activeLeafId,
    ...present<Partial<Conversation>>({
      pinned: foreign.pinned || undefined,
      archived: foreign.archived || undefined,
      tags: foreign.tags?.length ? foreign.tags : undefined,
      settings: foreign.systemPrompt ? { systemPrompt: foreign.systemPrompt } : undefined,
    }),
  };
  const leftOut = countOf(foreign.messages);
  return { conversation, messages: tree.messages, attachments, draft: null, ...(leftOut && { leftOut }) };
}

function attachmentOf(
  { name, mediaType, text }: ForeignFile,
  id: string,
  conversationId: string,
  createdAt: number,
): { readonly attachment: Attachment; readonly ref: AttachmentRef } {
  const file = new Blob([text], { type: mediaType });
  const { length } = text;
  return {
    attachment: { id, conversationId, name, mediaType, file, text: new Blob([text]), createdAt },
    ref: { id, name, mediaType, bytes: file.size, usedCharacters: length, textCharacters: length },
  };
}

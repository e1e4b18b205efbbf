/** Makes a conversation of ours of what other programs call one. */
import type { Attachment, AttachmentRef } from '../../src/contracts/attachment';
import type { ReadConversation } from '../../src/contracts/chat-files';
import type { Conversation, Message } from '../../src/contracts/conversation';
import { isId, present } from '../../src/contracts/fields';
import { firstLine } from '../../src/contracts/first-line';
import { soundTree } from '../../src/contracts/sound-tree';
import { fingerprint } from './reading';

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
  /** What was thought before the answer that follows. */
  readonly thought?: string | undefined;
  /** ms since the epoch */
  readonly createdAt?: number | undefined;
  readonly model?: string | undefined;
  readonly files?: readonly ForeignFile[];
}

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

const withThought = (thought: string, text: string): string =>
  thought === '' ? text : `<think>\n${thought}\n</think>\n\n${text}`;

/** Words of one side, each with the nearest such words above it, and the thoughts between. */
function spoken(messages: readonly ForeignMessage[]): ForeignMessage[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  return messages
    .filter(({ role }) => role !== null)
    .map((message) => {
      const thoughts = message.thought ? [message.thought] : [];
      const passed = new Set<ForeignMessage>();
      let above = message.parentId === null ? undefined : byId.get(message.parentId);
      while (above?.role === null && !passed.has(above)) {
        passed.add(above);
        if (above.thought) thoughts.unshift(above.thought);
        above = above.parentId === null ? undefined : byId.get(above.parentId);
      }
      const thought = message.role === 'assistant' ? thoughts.join('\n\n').trim() : '';
      const parentId = above?.role === null ? null : (above?.id ?? null);
      return { ...message, parentId, text: withThought(thought, message.text) };
    });
}

/**
 * The message of either side where the other program's branch ends or goes through. What it names may be none of them: then the
 * newest below it is meant, or the nearest above.
 */
function spokenTip(messages: readonly ForeignMessage[], tip: string): string | null {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const under = new Set([tip]);
  const below = new Map<string, ForeignMessage[]>();
  for (const message of messages) {
    if (message.parentId === null) continue;
    const siblings = below.get(message.parentId);
    if (siblings) siblings.push(message);
    else below.set(message.parentId, [message]);
  }
  let newest: ForeignMessage | null = null;
  for (const id of under) {
    const message = byId.get(id);
    if (message?.role && (newest === null || (message.createdAt ?? 0) >= (newest.createdAt ?? 0))) newest = message;
    // Where somebody has spoken, the way on is found in the tree of what is spoken.
    if (!message?.role) for (const child of below.get(id) ?? []) under.add(child.id);
  }
  if (newest !== null) return newest.id;
  const passed = new Set<string>();
  for (let id: string | null = tip; id !== null && !passed.has(id); id = byId.get(id)?.parentId ?? null) {
    if (byId.get(id)?.role) return id;
    passed.add(id);
  }
  return null;
}

/** Answers that were given in several parts are one: models take no two answers to one question. */
function joined(messages: readonly ForeignMessage[]): {
  messages: ForeignMessage[];
  into: ReadonlyMap<string, string>;
} {
  const below = new Map<string | null, ForeignMessage[]>();
  for (const message of messages) {
    const siblings = below.get(message.parentId);
    if (siblings) siblings.push(message);
    else below.set(message.parentId, [message]);
  }
  /** The answer that goes on with an answer, where nothing else does. */
  const continuationOf = ({ id, role }: ForeignMessage): ForeignMessage | null => {
    const [only, other] = below.get(id) ?? [];
    return role === 'assistant' && only?.role === 'assistant' && !other ? only : null;
  };
  const continuations = new Set(messages.map(continuationOf));
  const into = new Map<string, string>();
  const heads = messages.filter((message) => !continuations.has(message));
  const texts = new Map<string, string>();
  for (const head of heads) {
    const parts: string[] = [];
    for (let part: ForeignMessage | null = head; part && !into.has(part.id); part = continuationOf(part)) {
      parts.push(part.text);
      if (part !== head) into.set(part.id, head.id);
    }
    texts.set(head.id, parts.join('\n\n'));
  }
  return {
    into,
    messages: messages
      .filter(({ id }) => !into.has(id))
      .map((message) => ({
        ...message,
        parentId: message.parentId === null ? null : (into.get(message.parentId) ?? message.parentId),
        text: texts.get(message.id) ?? message.text,
      })),
  };
}

/** Null where nobody has said anything. */
export async function fromForeign(foreign: ForeignConversation): Promise<ReadConversation | null> {
  const { messages: said, into } = joined(spoken(foreign.messages));
  const [first] = said;
  if (!first) return null;
  const key = foreign.id ?? (await fingerprint(JSON.stringify(said.map(({ role, text }) => [role, text]))));
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
    const { role, parentId, text, model = 'imported', files = [] } = message;
    const createdAt = message.createdAt ?? Math.max(latest, start + index);
    latest = Math.max(latest, createdAt);
    const base = {
      id: ids.get(message.id) ?? `${id}/${index}`,
      conversationId: id,
      parentId: parentId === null ? null : (ids.get(parentId) ?? null),
      text,
      createdAt,
    };
    if (role !== 'user') return { role: 'assistant', ...base, state: 'whole', modelId: model, modelName: model };
    const stored = files.map((file, at) => attachmentOf(file, `${base.id}/${at}`, id, createdAt));
    attachments.push(...stored.map(({ attachment }) => attachment));
    return { role, ...base, ...(stored.length > 0 ? { attachments: stored.map(({ ref }) => ref) } : {}) };
  });
  const tip = foreign.leafId === undefined ? null : spokenTip(foreign.messages, foreign.leafId);
  const tree = soundTree(messages, tip === null ? null : (ids.get(into.get(tip) ?? tip) ?? null));
  const title = foreign.title?.trim().slice(0, longestTitle);
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
  return { conversation, messages: tree.messages, attachments, draft: null };
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

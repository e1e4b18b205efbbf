import type { ForeignMessage } from './foreign-message';

interface Joined {
  readonly messages: readonly ForeignMessage[];
  /** From the id of a part to that of the answer it went into. */
  readonly into: ReadonlyMap<string, string>;
}

/** What is told by several parts of an answer, told once. */
function whole(parts: readonly ForeignMessage[]): Omit<ForeignMessage, 'id' | 'parentId' | 'role'> {
  // Of a document that was written and changed in one answer, the last state counts.
  const last = new Map(parts.map((part) => [part.document, part]));
  const times = parts.flatMap(({ thinkingMs }) => thinkingMs ?? []);
  const told = (values: readonly (string | undefined)[]): string =>
    values.filter((value) => value?.trim()).join('\n\n');
  return {
    ...parts[0],
    text: told(
      parts.filter((part) => part.document === undefined || last.get(part.document) === part).map(({ text }) => text),
    ),
    // Before the answer, in the order in which it was thought: an answer here has one thought.
    thought: told(parts.map(({ thought }) => thought)),
    ...(times.length > 0 ? { thinkingMs: times.reduce((total, time) => total + time) } : {}),
    model: parts.find(({ model }) => model !== undefined)?.model,
    document: undefined,
  };
}

/** Answers that were given in several parts are one: models take no two answers to one question. */
export function joinedAnswers(messages: readonly ForeignMessage[]): Joined {
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
  const wholes = new Map<string, ReturnType<typeof whole>>();
  for (const head of messages.filter((message) => !continuations.has(message))) {
    const parts: ForeignMessage[] = [];
    for (let part: ForeignMessage | null = head; part && !into.has(part.id); part = continuationOf(part)) {
      parts.push(part);
      if (part !== head) into.set(part.id, head.id);
    }
    if (head.role === 'assistant') wholes.set(head.id, whole(parts));
  }
  return {
    into,
    messages: messages
      .filter(({ id }) => !into.has(id))
      .map((message) => ({
        ...message,
        ...wholes.get(message.id),
        parentId: message.parentId === null ? null : (into.get(message.parentId) ?? message.parentId),
      })),
  };
}

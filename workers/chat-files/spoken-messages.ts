/** From all the messages of another program's tree to those of the two sides. */
import type { ForeignMessage } from './foreign-message';

const byIdOf = (messages: readonly ForeignMessage[]): ReadonlyMap<string, ForeignMessage> =>
  new Map(messages.map((message) => [message.id, message]));

/** What stands above a message up to the nearest word of either side, nearest first; the last is that word, if there is one. */
function above(message: ForeignMessage, byId: ReadonlyMap<string, ForeignMessage>): readonly ForeignMessage[] {
  const passed = new Set<ForeignMessage>();
  for (let id = message.parentId; id !== null;) {
    const next = byId.get(id);
    if (!next || passed.has(next) || next === message) break;
    passed.add(next);
    if (next.role !== null) break;
    id = next.parentId;
  }
  return [...passed];
}

/** A thought that no answer came of is an answer without words: where a person stopped it, or asked on. */
function withStoppedThoughts(messages: readonly ForeignMessage[]): readonly ForeignMessage[] {
  const byId = byIdOf(messages);
  const answered = new Set(
    messages.filter(({ role }) => role === 'assistant').flatMap((message) => above(message, byId)),
  );
  return messages.map((message) =>
    message.role === null && message.thought && !answered.has(message) ? { ...message, role: 'assistant' } : message,
  );
}

const sum = (numbers: readonly (number | undefined)[]): number | undefined =>
  numbers.reduce((total, number) => (number === undefined ? total : (total ?? 0) + number), undefined);

/** Words of one side, each with the nearest such words above it, and the thoughts between. */
export function spokenMessages(all: readonly ForeignMessage[]): readonly ForeignMessage[] {
  const messages = withStoppedThoughts(all);
  const byId = byIdOf(messages);
  return messages
    .filter(({ role }) => role !== null)
    .map((message) => {
      const passed = above(message, byId);
      const parent = passed.at(-1);
      const parentId = parent?.role ? parent.id : null;
      if (message.role !== 'assistant') return { ...message, parentId, thought: undefined };
      const thinking = [...passed.filter(({ role }) => role === null).reverse(), message];
      return {
        ...message,
        parentId,
        thought: thinking.flatMap(({ thought }) => thought || []).join('\n\n'),
        thinkingMs: sum(thinking.map(({ thinkingMs }) => thinkingMs)),
      };
    });
}

/**
 * The message of either side where the other program's branch ends or goes through. What it names may be none of them: then the
 * newest below it is meant, or the nearest above.
 */
export function spokenTip(all: readonly ForeignMessage[], tip: string): string | null {
  const messages = withStoppedThoughts(all);
  const byId = byIdOf(messages);
  const below = new Map<string, ForeignMessage[]>();
  for (const message of messages) {
    if (message.parentId === null) continue;
    const siblings = below.get(message.parentId);
    if (siblings) siblings.push(message);
    else below.set(message.parentId, [message]);
  }
  const under = new Set([tip]);
  let newest: ForeignMessage | null = null;
  for (const id of under) {
    const message = byId.get(id);
    if (message?.role && (newest === null || (message.createdAt ?? 0) >= (newest.createdAt ?? 0))) newest = message;
    // Where somebody has spoken, the way on is found in the tree of what is spoken.
    if (!message?.role) for (const child of below.get(id) ?? []) under.add(child.id);
  }
  if (newest !== null) return newest.id;
  const here = byId.get(tip);
  const nearest = here && above(here, byId).at(-1);
  return nearest?.role ? nearest.id : null;
}

import type { Message, MessageId } from '../shared/domain/conversation';
import type { MessagesById } from '../shared/domain/message-tree';
import { childrenOf } from '../shared/domain/subtree';

/** Which messages are versions of one another: those with the same parent, oldest first. */
export class VersionIndex {
  readonly #versions: ReadonlyMap<MessageId | null, readonly Message[]>;

  constructor(private readonly messages: MessagesById) {
    const versions = childrenOf(messages);
    for (const siblings of versions.values())
      siblings.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    this.#versions = versions;
  }

  /** "2 of 3"; 0 of 0 for a message that is not there. */
  placeOf(id: MessageId): { readonly index: number; readonly count: number } {
    const siblings = this.#siblingsOf(id);
    return { index: siblings.findIndex((message) => message.id === id) + 1, count: siblings.length };
  }

  beside(id: MessageId, step: -1 | 1): Message | undefined {
    const siblings = this.#siblingsOf(id);
    return siblings[siblings.findIndex((message) => message.id === id) + step];
  }

  #siblingsOf(id: MessageId): readonly Message[] {
    const message = this.messages.get(id);
    return message ? (this.#versions.get(message.parentId) ?? []) : [];
  }
}

const indexes = new WeakMap<MessagesById, VersionIndex>();

/** The index of these messages: all who ask for it share one. */
export function versionsOf(messages: MessagesById): VersionIndex {
  const known = indexes.get(messages) ?? new VersionIndex(messages);
  indexes.set(messages, known);
  return known;
}

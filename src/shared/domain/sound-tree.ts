import type { Message, MessageId } from './conversation';
import { endOfBranch } from './message-tree';

interface SoundTree {
  readonly messages: readonly Message[];
  readonly activeLeafId: MessageId | null;
}

/**
 * Makes a tree of messages whose parents may say anything: of two with one id the first counts, a parent that is not there is
 * none, and a circle is cut where it is first met. No message is lost by it, and each can be reached.
 * @param tip the message that is to be on the shown branch
 */
export function soundTree(given: readonly Message[], tip: MessageId | null): SoundTree {
  const byId = new Map<MessageId, Message>();
  for (const message of given) if (!byId.has(message.id)) byId.set(message.id, message);
  const settled = new Set<MessageId>();
  for (const message of [...byId.values()]) {
    const walked = new Set<MessageId>();
    for (let id: MessageId | null = message.id; id !== null && !settled.has(id);) {
      walked.add(id);
      const here: Message | undefined = byId.get(id);
      const parentId: MessageId | null = here?.parentId ?? null;
      const broken = parentId !== null && (!byId.has(parentId) || walked.has(parentId));
      if (here && broken) byId.set(id, { ...here, parentId: null });
      id = broken ? null : parentId;
    }
    for (const id of walked) settled.add(id);
  }
  return { messages: [...byId.values()], activeLeafId: endOfBranch(byId, tip) };
}

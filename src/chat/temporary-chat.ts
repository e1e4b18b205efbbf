/** A chat that is kept nowhere: it lives in this tab's memory, and is gone when it is left or the tab is closed. */
import { LateMemoryTables } from '../storage/late-memory-tables';
import { StoredAttachments } from '../storage/stored-attachments';
import { StoredConversations } from '../storage/stored-conversations';
import type { ChatSessionParts } from './chat-session.svelte';

/** Stands in the address where others have the id of a conversation: after a reload there is an empty one. */
export const temporaryId = 'temporary';
export const temporaryChatHash = `#/chat/${temporaryId}`;

/**
 * The parts of a session with nothing that writes to the device: no draft is kept, no other tab hears of it, no title is made
 * up for it, and the engine keeps nothing of what it has read.
 */
export function temporaryParts({ model, settings, documents }: ChatSessionParts): ChatSessionParts {
  const tables = new LateMemoryTables();
  return {
    model,
    settings,
    documents,
    repository: new StoredConversations(tables, false),
    attachments: new StoredAttachments(tables),
    channel: { announce: () => {}, listen: () => () => {} },
    changed: () => {},
    temporary: true,
  };
}

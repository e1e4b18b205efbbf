import type { ConversationRepository } from '../storage/conversation-repository';

export const exportFormat = 'sotto-chats';
export const exportVersion = 1;

/**
 * All conversations as JSON Lines: a header, then one record a line (`conversation`, `message`). Read from the store, not
 * from what is on the screen, so nothing is left out; readers ignore record types that they do not know.
 */
export async function exportChats(repository: ConversationRepository): Promise<Blob> {
  const lines = [JSON.stringify({ type: exportFormat, version: exportVersion, exportedAt: new Date().toISOString() })];
  for (const { id } of await repository.list()) {
    const record = await repository.read(id);
    if (record === null) continue;
    lines.push(JSON.stringify({ type: 'conversation', ...record.conversation }));
    for (const message of record.messages) lines.push(JSON.stringify({ type: 'message', ...message }));
  }
  return new Blob([lines.join('\n'), '\n'], { type: 'application/jsonl' });
}

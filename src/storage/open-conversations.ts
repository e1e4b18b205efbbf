import type { ConversationRepository } from './conversation-repository';
import { IndexedDbConversations } from './indexed-db-conversations';
import { MemoryConversations } from './memory-conversations';

/** The repository for this visit: IndexedDB, or memory where a first read shows that the browser refuses it. */
export async function openConversations(): Promise<ConversationRepository> {
  const stored = new IndexedDbConversations();
  try {
    // The cheapest read there is: it stands before the first paint, however many conversations there are.
    await stored.read('');
    return stored;
  } catch {
    return new MemoryConversations();
  }
}

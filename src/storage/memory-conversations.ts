import { MemoryTables } from './memory-tables';
import { StoredConversations } from './stored-conversations';

/** Kept until the page is closed. */
export class MemoryConversations extends StoredConversations {
  constructor(tables = new MemoryTables()) {
    super(tables, false);
  }
}

import { ChatsConnection } from './chats-connection';
import { IndexedDbTables } from './indexed-db-tables';
import { StoredConversations } from './stored-conversations';

export class IndexedDbConversations extends StoredConversations {
  constructor(connection = new ChatsConnection()) {
    super(new IndexedDbTables(connection), true);
  }
}

import { FailureError } from '../shared/protocol/failure';
import { loadPart } from '../ui/load-part';
import { ChatsConnection } from './chats-connection';
import { ChatsStore } from './chats-store';
import { IndexedDbTables } from './indexed-db-tables';
import { LockStorage } from './lock-storage';
import { Vault } from './vault';

/** The store for this visit: IndexedDB, or memory where a first read shows that the browser refuses it. */
export async function openChats(): Promise<ChatsStore> {
  const connection = new ChatsConnection(() => stored.onClosed?.());
  const vault = new Vault();
  const lock = new LockStorage(connection, vault);
  const stored = new ChatsStore(new IndexedDbTables(connection, vault), true, () => connection.whenOpen(), lock);
  try {
    // The cheapest read there is: it stands before the first paint, however many conversations there are.
    await lock.read();
    return stored;
  } catch (error) {
    // The chats are there, behind another tab: to write into memory instead would be to lose what is written.
    const kind = error instanceof FailureError ? error.failure.kind : 'unexpected';
    if (kind === 'storage-blocked' || kind === 'storage-outdated') return stored;
    return (await loadPart(() => import('./chats-in-memory'))).inMemory();
  }
}

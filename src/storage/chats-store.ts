import type { Draft } from '../contracts/draft';
import { FailureError } from '../contracts/failure';
import type { Persona } from '../contracts/persona';
import { loadPart } from '../ui/load-part';
import { ChatsConnection } from './chats-connection';
import type { ConversationRepository } from './conversation-repository';
import { IndexedDbTables } from './indexed-db-tables';
import { LockStorage } from './lock-storage';
import type { KeptRecord, RecordRepository } from './records';
import { StoredAttachments } from './stored-attachments';
import { StoredConversations } from './stored-conversations';
import { StoredDefaults, StoredRecords } from './stored-records';
import type { Tables } from './tables';
import { Vault } from './vault';

/** Everything of a person's chats that is kept on this device. */
export class ChatsStore {
  readonly conversations: ConversationRepository;
  readonly attachments: StoredAttachments;
  readonly drafts: RecordRepository<Draft>;
  readonly personas: RecordRepository<Persona>;
  readonly defaults: StoredDefaults;
  readonly keptRecords: RecordRepository<KeptRecord>;
  /** Called when the browser has closed the database by itself, perhaps with all that was in it. */
  onClosed: (() => void) | null = null;

  /**
   * @param persistent false where everything is gone when the page is closed
   * @param whenOpen resolves when the store can be used, however long an older tab holds it up
   * @param lock null where nothing is stored that could be locked
   */
  constructor(
    tables: Tables,
    readonly persistent: boolean,
    readonly whenOpen: () => Promise<void>,
    readonly lock: LockStorage | null = null,
  ) {
    this.conversations = new StoredConversations(tables, persistent);
    this.attachments = new StoredAttachments(tables);
    this.drafts = new StoredRecords(tables, 'drafts');
    this.personas = new StoredRecords(tables, 'personas');
    this.defaults = new StoredDefaults(tables);
    this.keptRecords = new StoredRecords(tables, 'keptRecords');
  }
}

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

import type { Draft } from '../shared/domain/draft';
import type { Persona } from '../shared/domain/persona';
import type { ConversationRepository } from './conversation-repository';
import type { LockStorage } from './lock-storage';
import type { KeptRecord, RecordRepository } from './records';
import { StoredAttachments } from './stored-attachments';
import { StoredConversations } from './stored-conversations';
import { StoredDefaults, StoredRecords } from './stored-records';
import type { Tables } from './tables';

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
    /** For parts that bring a repository of their own when they are loaded. */
    readonly tables: Tables,
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

import type { LockRecord } from '../shared/domain/lock';
import { loadPart } from '../ui/load-part';
import type { ChatsConnection } from './chats-connection';
import type { RewriteProgress } from './rewrite-records';
import type { Vault } from './vault';

/** Where the lock is kept: in the database of what it locks, so that both change in one transaction. */
export class LockStorage {
  constructor(
    private readonly connection: ChatsConnection,
    readonly vault: Vault,
  ) {}

  /** Looks whether there is a lock. Rejects with a `FailureError` of a storage kind. */
  async read(): Promise<LockRecord | null> {
    const record = await this.connection.use((database) => database.get('lock', 'lock'));
    this.vault.learn(record ?? null);
    return record ?? null;
  }

  /**
   * Changes the record as it is stored now.
   * @param make null leaves it as it is; called inside the transaction and must not wait
   * @returns what is stored afterwards
   */
  async change(make: (stored: LockRecord | null) => LockRecord | null): Promise<LockRecord | null> {
    const record = await this.connection.use(async (database) => {
      const transaction = database.transaction('lock', 'readwrite');
      const stored = (await transaction.store.get('lock')) ?? null;
      const changed = make(stored);
      if (changed) await transaction.store.put(changed);
      await transaction.done;
      return changed ?? stored;
    });
    this.vault.learn(record);
    return record;
  }

  /** Opens this tab with the data key of that id. */
  async unlock(key: CryptoKey, keyId: string): Promise<void> {
    const { Sealing } = await loadPart(() => import('./sealing'));
    this.vault.unlock(new Sealing(key, keyId));
  }

  /** Brings all records into the form that the phase of the lock asks for; see `rewriteRecords`. */
  async *rewrite(): AsyncGenerator<RewriteProgress> {
    const { rewriteRecords } = await loadPart(() => import('./rewrite-records'));
    yield* rewriteRecords(this.connection, this.vault);
  }
}

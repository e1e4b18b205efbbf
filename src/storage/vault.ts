import type { SealingKey } from '../shared/protocol/engine';
import { FailureError } from '../shared/protocol/failure';
import { mustSeal, type LockRecord } from '../shared/domain/lock';
import { asItIs, type RecordForm } from './record-form';

/** What can be asked of a transaction to keep it alive. */
export interface LivingTransaction {
  objectStore(name: string): { getKey(key: string): Promise<unknown> };
  readonly objectStoreNames: ArrayLike<string>;
}

/** The key, and what is done with it. Loaded only where there is a lock: see `sealing.ts`. */
export interface Opener {
  readonly key: CryptoKey;
  readonly keyId: string;
  /** Reads both forms; writes the one that is asked for. */
  formOf(transaction: LivingTransaction, sealed: boolean): RecordForm;
}

/** What this tab knows of the lock. The database knows better: every write looks there, in its own transaction. */
export class Vault {
  #record: LockRecord | null = null;
  #opener: Opener | null = null;
  readonly #listeners = new Set<() => void>();

  get record(): LockRecord | null {
    return this.#record;
  }
  get key(): CryptoKey | null {
    return this.#fitting?.key ?? null;
  }
  /** The key with its name. */
  get sealing(): SealingKey | null {
    const opener = this.#fitting;
    return opener && { key: opener.key, keyId: opener.keyId };
  }
  /** There is a lock, and this tab has not its key. */
  get isLocked(): boolean {
    return this.#record !== null && this.#fitting === null;
  }
  /** Whether what is written must be sealed, as far as this tab knows. */
  get seals(): boolean {
    return mustSeal(this.#record);
  }

  learn(record: LockRecord | null): void {
    this.#record = record;
    if (record === null) this.#opener = null;
    this.#tell();
  }

  unlock(opener: Opener): void {
    this.#opener = opener;
    this.#tell();
  }

  /** @throws FailureError `storage-locked` where records must be sealed and the key is not here */
  formOf(transaction: LivingTransaction): RecordForm {
    if (this.#fitting) return this.#fitting.formOf(transaction, this.seals);
    if (this.seals) throw new FailureError({ kind: 'storage-locked', technical: 'this tab has no key' });
    return asItIs;
  }

  /** Resolves when the key is here, or when it has not come in time. */
  keyArrives(patienceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(end, patienceMs);
      const stop = this.listen(() => {
        if (!this.isLocked) end();
      });
    });
  }

  /** @returns the way to stop listening */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The key, unless it is that of another lock. Before there is a record, it waits for it. */
  get #fitting(): Opener | null {
    return this.#record === null || this.#opener?.keyId === this.#record.keyId ? this.#opener : null;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

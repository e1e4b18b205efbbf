import { failed, failureFrom, type Failure, type Result } from '../shared/protocol/failure';
import { mustSeal, type LockDelay, type LockMessage, type LockRecord } from '../shared/domain/lock';
import { withLock } from '../shared/platform/web-locks';
import type { LockStorage } from '../storage/lock-storage';
import type { RewriteProgress } from '../storage/rewrite-records';
import { AutoLock } from './auto-lock';
import { newLock, openDataKey, passkeyWay, passphraseWay, type Proof } from './key-ring';
import { LockChannel } from './lock-channel';

export interface LockParts {
  readonly storage: LockStorage;
  /** Stores what is in hand, before the page goes away. */
  readonly settle: () => Promise<void>;
  readonly isBusy: () => Promise<boolean>;
  /** Loads the page anew: what follows is the unlock screen, and nothing of this page is left in memory. */
  readonly reload: () => void;
  /** Records could not be brought into their new form; what is done is done, and it can be tried again. */
  readonly failed: (failure: Failure) => void;
  /**
   * From now on, what models have read is kept under seal with this key, or in the clear where it is null. What was kept
   * otherwise is deleted.
   */
  readonly sealCaches: (keyId: string | null) => Promise<void>;
}

/** A database that does not answer must not keep the page from being locked, in ms. */
const settleMs = 3000;
/** Of all tabs, one rewrites the records; when it dies, another goes on. */
const rewriteLockName = 'sotto-lock-rewrite';

/** The lock of the chats, for a page that is not locked now: turning it on and off, changing it, locking. */
export class Lock {
  #record = $state.raw<LockRecord | null>(null);
  #progress = $state.raw<RewriteProgress | null>(null);
  #leaving = false;
  readonly #channel: LockChannel;
  readonly #auto: AutoLock;

  constructor(private readonly parts: LockParts) {
    const { vault } = parts.storage;
    this.#record = vault.record;
    vault.listen(() => this.#follow());
    this.#channel = new LockChannel((message) => void this.hear(message));
    this.#auto = new AutoLock({
      delay: () => this.#record?.lockAfter ?? 'never',
      isBusy: async () => this.#progress !== null || (await parts.isBusy()),
      tellActive: () => this.#channel.tell({ type: 'active' }),
      lock: () => void this.lockNow(),
    });
  }

  get phase(): LockRecord['phase'] | 'off' {
    return this.#record?.phase ?? 'off';
  }
  /** While records are being rewritten by this tab. */
  get progress(): RewriteProgress | null {
    return this.#progress;
  }
  get lockAfter(): LockDelay {
    return this.#record?.lockAfter ?? 'never';
  }
  get hasPassphrase(): boolean {
    return this.#record?.passphrase !== undefined && this.#record.passphrase !== null;
  }
  get hasPasskey(): boolean {
    return this.#record?.passkey !== undefined && this.#record.passkey !== null;
  }

  /** Looks at what is stored, and goes on with what was left half done. */
  async start(): Promise<void> {
    try {
      await this.parts.storage.read();
    } catch {
      // Told by whoever wants to read chats.
      return;
    }
    // Turned on by another tab before this one could hear of it.
    if (this.parts.storage.vault.isLocked) this.parts.reload();
    else {
      // As a crash may have left it, or a lock that is older than the cache.
      void this.#sealCaches().catch(() => undefined);
      void this.#rewrite();
    }
  }

  #sealCaches(): Promise<void> {
    const { record } = this.parts.storage.vault;
    return this.parts.sealCaches(record !== null && mustSeal(record) ? record.keyId : null);
  }

  /** Turns the lock on. Resolves when it is in force for all that is written; what is there already is sealed after that. */
  async turnOn(proof: Proof): Promise<Result<null>> {
    return this.#attempt(async () => {
      const { record, key } = await newLock(proof);
      const { storage } = this.parts;
      // The key first: not one write may come in between that knows of the lock and cannot seal.
      await storage.unlock(key, record.keyId);
      // Nothing of a chat may be left in the clear by a lock that is said to be on.
      await this.parts.sealCaches(record.keyId);
      const stored = await storage
        .change((other) => (other ? null : record))
        .catch(async (error: unknown) => {
          await this.#sealCaches();
          throw error;
        });
      if (stored !== record) {
        this.parts.reload();
        return failed('storage-locked', 'another tab has turned it on');
      }
      this.#channel.tell({ type: 'on', key, keyId: record.keyId });
      void this.#rewrite();
      return { ok: true, value: null };
    });
  }

  async turnOff(): Promise<Result<null>> {
    return this.#attempt(async () => {
      await this.parts.storage.change((stored) => stored && { ...stored, phase: 'opening', position: null });
      this.#channel.tell({ type: 'changed' });
      await this.#sealCaches();
      void this.#rewrite();
      return { ok: true, value: null };
    });
  }

  /** Wraps the data key anew; the records stay as they are. */
  setPassphrase(proof: Proof, passphrase: string): Promise<Result<null>> {
    return this.#rewrap(proof, async (key) => ({ passphrase: await passphraseWay(key, passphrase) }));
  }

  addPasskey(proof: Proof): Promise<Result<null>> {
    return this.#rewrap(proof, async (key) => ({ passkey: await passkeyWay(key) }));
  }

  /** Only where a passphrase is left. */
  async removePasskey(): Promise<Result<null>> {
    return this.#change((stored) => (stored?.passphrase ? { ...stored, passkey: null } : null));
  }

  async setLockAfter(lockAfter: LockDelay): Promise<Result<null>> {
    return this.#change((stored) => stored && { ...stored, lockAfter });
  }

  /** Locks every tab, at once: an answer that is being written ends where it is, and is there after unlocking. */
  async lockNow(): Promise<void> {
    if (this.#record === null || this.#leaving) return;
    this.#channel.tell({ type: 'lock' });
    await this.#leave();
  }

  /** Ends what goes on beside the page. */
  close(): void {
    this.#auto.stop();
    this.#channel.close();
  }

  async #leave(): Promise<void> {
    this.#leaving = true;
    await Promise.race([this.parts.settle().catch(() => {}), new Promise((resolve) => setTimeout(resolve, settleMs))]);
    this.parts.reload();
  }

  /** What another tab tells. */
  async hear(message: LockMessage): Promise<void> {
    const { storage } = this.parts;
    if (message.type === 'active') this.#auto.active();
    else if (message.type === 'lock') await this.#leave();
    else {
      if (message.type === 'on') await storage.unlock(message.key, message.keyId);
      await this.start();
    }
  }

  #follow(): void {
    const { vault } = this.parts.storage;
    this.#record = vault.record;
    if (vault.record !== null && vault.key !== null) this.#auto.start();
    else this.#auto.stop();
  }

  async #rewrite(): Promise<void> {
    const unfinished = (): boolean => this.#record !== null && this.#record.phase !== 'sealed';
    if (!unfinished() || this.#progress !== null) return;
    try {
      await withLock(rewriteLockName, async () => {
        await this.parts.storage.read();
        if (!unfinished()) return;
        for await (const progress of this.parts.storage.rewrite()) this.#progress = progress;
      });
      this.#channel.tell({ type: 'changed' });
    } catch (error) {
      this.parts.failed(failureFrom(error, 'storage-unavailable'));
    } finally {
      this.#progress = null;
    }
  }

  async #rewrap(proof: Proof, make: (key: CryptoKey) => Promise<Partial<LockRecord>>): Promise<Result<null>> {
    return this.#attempt(async () => {
      const record = this.#record;
      if (record === null) return failed('lock-damaged', 'there is no lock');
      const opened = await openDataKey(record, proof, true);
      if (!opened.ok) return opened;
      const fresh = await make(opened.value);
      return this.#change((stored) => stored && { ...stored, ...fresh });
    });
  }

  #change(make: (stored: LockRecord | null) => LockRecord | null): Promise<Result<null>> {
    return this.#attempt(async () => {
      await this.parts.storage.change(make);
      this.#channel.tell({ type: 'changed' });
      return { ok: true, value: null };
    });
  }

  async #attempt(work: () => Promise<Result<null>>): Promise<Result<null>> {
    try {
      return await work();
    } catch (error) {
      return { ok: false, failure: failureFrom(error) };
    }
  }
}

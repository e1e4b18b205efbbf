import type { LockMessage } from '../shared/domain/lock';
import type { LockStorage } from '../storage/lock-storage';
import type { Lock } from './lock.svelte';
import { LockChannel } from './lock-channel';

/**
 * The lock of the chats, loaded when there is one, when another tab turns one on, or when it is asked for: most people have
 * none, and should not load one at every visit.
 */
export class LateLock {
  #value = $state.raw<Lock | null>(null);
  #made: Lock | null = null;
  #loading: Promise<void> | null = null;
  /** What other tabs have said while it was being loaded. */
  readonly #heard: LockMessage[] = [];
  #stopWatching: () => void = () => {};

  /**
   * @param storage null where nothing is stored that could be locked
   * @param make loads it; may reject, and is then called again when there is a reason again
   */
  constructor(
    private readonly storage: LockStorage | null,
    private readonly make: (storage: LockStorage) => Promise<Lock>,
  ) {}

  /** Null until it is loaded. */
  get value(): Lock | null {
    return this.#value;
  }

  get possible(): boolean {
    // Without HTTPS there is no cryptography.
    return this.storage !== null && isSecureContext;
  }

  /** Follows whether there is a lock, in this tab and in others. */
  watch(): void {
    const { storage } = this;
    if (storage === null || !this.possible || this.#made !== null) return;
    const { vault } = storage;
    const channel = new LockChannel((message) => {
      this.#heard.push(message);
      this.load();
    });
    const look = (): void => {
      if (vault.record !== null) this.load();
    };
    const stopListening = vault.listen(look);
    this.#stopWatching = () => {
      stopListening();
      channel.close();
    };
    look();
    // Turned on by another tab before this one could hear of it. Without a database that answers, whoever reads chats tells.
    storage.read().catch(() => {});
  }

  /** Never rejects: without the lock, what is stored is safe all the same, because each write looks for itself whether there is one. */
  load(): void {
    if (this.storage === null || !this.possible || this.#loading !== null) return;
    this.#loading = this.#begin(this.storage);
    this.#loading.catch(() => (this.#loading = null));
  }

  async #begin(storage: LockStorage): Promise<void> {
    const lock = (this.#made ??= await this.make(storage));
    // The key may be among it: without it, this page would have to be unlocked.
    for (let [message] = this.#heard; message; [message] = this.#heard) {
      await lock.hear(message);
      this.#heard.shift();
    }
    await lock.start();
    this.#stopWatching();
    this.#value = lock;
  }
}

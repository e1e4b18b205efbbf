import type { LivingTransaction } from './vault';

/**
 * Keeps a transaction alive while something else is waited for. IndexedDB ends a transaction of which nothing is asked, and
 * Web Cryptography answers in a later task. So something small is asked over and over until the answer is there, and whoever
 * waits goes on inside of the reply, where the transaction can be used. Reading, changing and writing stay one transaction.
 */
export class TransactionHold {
  readonly #ask: () => Promise<unknown>;
  #asked: Promise<unknown> | null = null;

  constructor(transaction: LivingTransaction) {
    const store = transaction.objectStore(transaction.objectStoreNames[0] ?? '');
    this.#ask = () => store.getKey('');
  }

  /** Resolves like `work`, with the transaction alive. Rejects, too, when the transaction ends before. */
  async during<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => void (settled = true);
    work.then(settle, settle);
    // At least once: the continuation must run in a reply.
    do await this.#nextReply();
    while (!settled);
    return work;
  }

  /** One question at a time, for all who wait. */
  #nextReply(): Promise<unknown> {
    this.#asked ??= this.#ask().finally(() => (this.#asked = null));
    return this.#asked;
  }
}

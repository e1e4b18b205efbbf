/** A key that no record has. */
const trialKey = 'sotto:trial';

/**
 * Whether a database takes Blobs. WebKit's private windows store ArrayBuffers and refuse Blobs, and no browser tells
 * beforehand: so one is put, and undone. In a transaction of its own, because WebKit may never end one in which anything else
 * was asked for beside the Blob that it refuses, and all later ones would wait for it.
 */
export class BlobSupport {
  #answer: Promise<boolean> | null = null;
  #refused = false;

  /** Whether Blobs have been refused: then there is no use in making them. */
  get refused(): boolean {
    return this.#refused;
  }

  /**
   * Tries it once; what was found is remembered.
   * @param store of the database, which is written to and left as it was
   * @throws DOMException where the database is closed
   */
  keepsBlobs(database: IDBDatabase, store: string): Promise<boolean> {
    this.#answer ??= tryBlob(database, store).then(
      (outcome) => {
        // On a disk that is full, or in a database that is just being closed, nothing has been found out.
        if (outcome === 'unknown') this.#answer = null;
        this.#refused = outcome === 'refused';
        return outcome !== 'refused';
      },
      (error: unknown) => {
        this.#answer = null;
        throw error;
      },
    );
    return this.#answer;
  }
}

async function tryBlob(database: IDBDatabase, name: string): Promise<'kept' | 'refused' | 'unknown'> {
  const transaction = database.transaction(name, 'readwrite');
  const store = transaction.objectStore(name);
  const blob = new Blob(['?']);
  const { keyPath } = store;
  return new Promise((resolve) => {
    let outcome: 'kept' | 'refused' | 'unknown' = 'refused';
    const request = keyPath === null ? store.put(blob, trialKey) : store.put({ [String(keyPath)]: trialKey, blob });
    request.onsuccess = (): void => {
      outcome = 'kept';
      transaction.abort();
    };
    request.onerror = (): void => {
      if (request.error?.name === 'QuotaExceededError') outcome = 'unknown';
    };
    transaction.onabort = (): void => {
      // Ended from outside: the database was closed. Where WebKit refuses a Blob it may end the transaction, too, but says no reason.
      if (request.error?.name === 'AbortError' && transaction.error !== null) outcome = 'unknown';
      resolve(outcome);
    };
  });
}

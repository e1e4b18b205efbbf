import { unwrap } from 'idb';
import { BlobSupport } from '../shared/platform/blob-support';
import { FailureError, type FailureKind } from '../shared/protocol/failure';
import { openChatsDatabase, type ChatsDatabase } from './chats-database';

/** How long an older tab may hold up the opening before that is told as a failure, in ms. */
const blockedGraceMs = 3000;

const kinds: Readonly<Record<string, FailureKind>> = {
  QuotaExceededError: 'storage-full',
  // A newer version of the app has upgraded the database: this tab is the old one.
  VersionError: 'storage-outdated',
};

function storageFailure(error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  const name = error instanceof Error ? error.name : '';
  const technical = error instanceof Error ? `${name}: ${error.message}` : String(error);
  return new FailureError({ kind: kinds[name] ?? 'storage-unavailable', technical });
}

/** How long to wait, in ms, before each new try to open a database whose data are just being cleared: the browser refuses it meanwhile. */
const clearingMs = [100, 300, 1000];

async function openWhenCleared(open: () => Promise<ChatsDatabase>): Promise<ChatsDatabase> {
  for (const pauseMs of clearingMs) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  return open();
}

/** The connection to the chats database, one for the page: opened when it is first needed, and again when it was closed. */
export class ChatsConnection {
  #opening: Promise<ChatsDatabase> | null = null;
  #blocked: Promise<never> | null = null;
  readonly #blobs = new BlobSupport();
  #closings = 0;

  /** @param closed called when the browser has closed the database by itself: its data were cleared, or its disk failed */
  constructor(private readonly closed: () => void = () => {}) {}

  /**
   * Runs `work` on the open database; a connection that the browser closed meanwhile is opened once more.
   * Rejects with a `FailureError` of the kind `storage-full`, `storage-blocked`, `storage-outdated` or `storage-unavailable`.
   */
  async use<T>(work: (database: ChatsDatabase) => Promise<T>): Promise<T> {
    const closings = this.#closings;
    try {
      return await work(await this.#ready());
    } catch (error) {
      // Closed before the transaction, or in the middle of it, of which then nothing is stored.
      const name = error instanceof DOMException ? error.name : '';
      const wasClosed = name === 'InvalidStateError' || (name === 'AbortError' && this.#closings !== closings);
      if (!wasClosed) throw storageFailure(error);
    }
    this.#opening = null;
    try {
      return await work(await this.#ready());
    } catch (error) {
      throw storageFailure(error);
    }
  }

  /** Whether the database takes Blobs; bytes are stored in their place otherwise. Inside of `use`, before its transaction. */
  keepsBlobs(database: ChatsDatabase): Promise<boolean> {
    return this.#blobs.keepsBlobs(unwrap(database), 'attachments');
  }

  /** Resolves when the database is open, however long an older tab holds it up. Rejects where it cannot be opened at all. */
  async whenOpen(): Promise<void> {
    await (this.#opening ??= this.#open()).catch((error: unknown) => {
      throw storageFailure(error);
    });
  }

  async #ready(): Promise<ChatsDatabase> {
    const opening = (this.#opening ??= this.#open());
    return this.#blocked === null ? opening : Promise.race([opening, this.#blocked]);
  }

  #open(): Promise<ChatsDatabase> {
    let tellBlocked: (error: FailureError) => void = () => {};
    this.#blocked = new Promise<never>((_, reject) => (tellBlocked = reject));
    // Those who wait hear of it; nobody has to wait.
    this.#blocked.catch(() => {});
    const forget = (): void => {
      this.#opening = null;
    };
    const opening = (async () => {
      if (!('indexedDB' in globalThis) || globalThis.indexedDB === null) {
        throw new FailureError({ kind: 'storage-unavailable', technical: 'indexedDB is missing' });
      }
      return openWhenCleared(() =>
        openChatsDatabase({
          onBlocked: () =>
            setTimeout(
              () =>
                tellBlocked(
                  new FailureError({ kind: 'storage-blocked', technical: 'an older tab holds the database' }),
                ),
              blockedGraceMs,
            ),
          onClosed: (byBrowser) => {
            forget();
            if (!byBrowser) return;
            this.#closings += 1;
            this.closed();
          },
        }),
      );
    })();
    // A later call may try again: storage that was refused can be allowed meanwhile.
    opening.catch(forget);
    return opening;
  }
}

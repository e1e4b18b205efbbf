import { unwrap } from 'idb';
import { BlobSupport } from '../shared/platform/blob-support';
import { DatabaseConnection } from '../shared/platform/database-connection';
import { FailureError, failureFrom } from '../shared/protocol/failure';
import { isNamed } from '../shared/platform/open-database';
import { chatsDatabase, type ChatsDatabase, type ChatsSchema } from './chats-database';

const told = (error: unknown): never => {
  const kind = isNamed(error, 'QuotaExceededError') ? 'storage-full' : 'storage-unavailable';
  throw new FailureError(failureFrom(error, kind));
};

/** The connection to the chats database, one for the page. */
export class ChatsConnection {
  readonly #connection: DatabaseConnection<ChatsSchema>;
  readonly #blobs = new BlobSupport();

  /** @param closed called when the browser has closed the database by itself: its data were cleared, or its disk failed */
  constructor(closed?: () => void) {
    this.#connection = new DatabaseConnection(chatsDatabase, closed);
  }

  /**
   * Runs `work` on the open database; a connection that the browser closed meanwhile is opened once more.
   * Rejects with a `FailureError` of the kind `storage-full`, `storage-blocked`, `storage-outdated` or `storage-unavailable`.
   */
  use<T>(work: (database: ChatsDatabase) => Promise<T>): Promise<T> {
    return this.#connection.use(work).catch(told);
  }

  /** Whether the database takes Blobs; bytes are stored in their place otherwise. Inside of `use`, before its transaction. */
  keepsBlobs(database: ChatsDatabase): Promise<boolean> {
    return this.#blobs.keepsBlobs(unwrap(database), 'attachments');
  }

  /** Resolves when the database is open, however long an older tab holds it up. Rejects where it cannot be opened at all. */
  whenOpen(): Promise<void> {
    return this.#connection.whenOpen().catch(told);
  }
}

import { unwrap, type IDBPDatabase } from 'idb';
import { FailureError } from '../protocol/failure';
import { isNamed, openDatabase, type DatabaseDefinition } from './open-database';

/** How long another tab may take to let go before that is told, in ms: it may be in the middle of a write. */
const blockedMs = 3000;

/**
 * How long a database may take to open before that is told, in ms. It is taken to be blocked: browsers say nothing to who waits
 * behind another tab that is blocked, or that deletes a great deal.
 */
const silenceMs = 10_000;

interface Opening<Schema> {
  readonly database: Promise<IDBPDatabase<Schema>>;
  /** The same; but a failure while it is held up for long. */
  ready: Promise<IDBPDatabase<Schema>>;
}

/** A connection to a database: opened when it is first needed, and again when it was closed. */
export class DatabaseConnection<Schema = unknown> {
  #opening: Opening<Schema> | null = null;

  /** @param closed called when the browser has closed the database by itself: its data were cleared, or its disk failed */
  constructor(
    private readonly definition: DatabaseDefinition<Schema>,
    private readonly closed: () => void = () => {},
  ) {}

  /**
   * Runs `work` on the open database; once more on a new connection if the old one turns out to be closed.
   * @throws what `work` throws, or why the database cannot be opened: see `openDatabase`, and `storage-blocked` while another tab
   * holds it up
   */
  async use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    const opening = this.#open();
    const database = await opening.ready;
    try {
      return await work(database);
    } catch (error) {
      if (!wasClosed(database, error)) throw error;
    }
    database.close();
    this.#forget(opening);
    return work(await this.#open().ready);
  }

  /** Resolves when the database is open, however long another tab holds it up. Rejects where it cannot be opened at all. */
  async whenOpen(): Promise<void> {
    await this.#open().database;
  }

  /** Lets go of the database when what is being done with it is done. */
  close(): void {
    const opening = this.#opening;
    this.#opening = null;
    opening?.database.then(
      (database) => database.close(),
      () => {},
    );
  }

  #open(): Opening<Schema> {
    return (this.#opening ??= this.#begin());
  }

  /** Not the one that has taken its place meanwhile. */
  #forget(opening: Opening<Schema>): void {
    if (this.#opening === opening) this.#opening = null;
  }

  #begin(): Opening<Schema> {
    const { name } = this.definition;
    const timers: ReturnType<typeof setTimeout>[] = [];
    let heldUp: (technical: string) => void = () => {};
    const tooLong = new Promise<never>((_, reject) => {
      heldUp = (technical) => reject(new FailureError({ kind: 'storage-blocked', technical }));
    });
    timers.push(setTimeout(() => heldUp(`${name} does not answer`), silenceMs));
    const database = openDatabase(this.definition, {
      onBlocked: () => timers.push(setTimeout(() => heldUp(`an older tab holds ${name}`), blockedMs)),
      onClosed: (byBrowser) => {
        this.#forget(opening);
        if (byBrowser) this.closed();
      },
    });
    const opening: Opening<Schema> = { database, ready: Promise.race([database, tooLong]) };
    // Those who wait hear of it; nobody has to wait.
    opening.ready.catch(() => {});
    database
      .then(
        () => void (opening.ready = database),
        // A later use may try again: what was refused can be allowed meanwhile.
        () => this.#forget(opening),
      )
      .finally(() => timers.forEach(clearTimeout));
    return opening;
  }
}

/** Does one thing with a database, and closes it: a hidden tab that keeps it open may be in the way of deleting everything. */
export async function withDatabase<Schema, T>(
  definition: DatabaseDefinition<Schema>,
  work: (database: IDBPDatabase<Schema>) => Promise<T>,
): Promise<T> {
  const connection = new DatabaseConnection(definition);
  try {
    return await connection.use(work);
  } finally {
    connection.close();
  }
}

/** Whether the connection was closed before the work, or in the middle of it, of which then nothing is stored. */
function wasClosed<Schema>(database: IDBPDatabase<Schema>, error: unknown): boolean {
  if (isNamed(error, 'InvalidStateError')) return true;
  // WebKit, when its process for databases has ended: the connection may not know of it.
  if (isNamed(error, 'UnknownError')) return /server lost/i.test(error.message);
  return isNamed(error, 'AbortError') && refusesWork(unwrap(database));
}

function refusesWork(database: IDBDatabase): boolean {
  try {
    database.transaction(database.objectStoreNames).abort();
    return false;
  } catch {
    return true;
  }
}

/**
 * The list of all requests that the app and its workers have made, kept on the device. Every thread writes its own into the
 * same database, so that no row waits for another thread that may be gone before it is written.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import { withDatabase } from './database-connection';
import { deletionChannelName } from './deletion-channel';
import type { DatabaseDefinition } from './open-database';
import { parseUrl } from './parse-url';
import { toldElsewhere } from './told-elsewhere';

/** The threads that can make a request. */
export type RequestSource =
  'page' | 'engine' | 'weights' | 'server' | 'hash' | 'markdown' | 'checks' | 'service-worker';

export type RequestPurpose =
  /** The page itself. */
  | 'page'
  /** A script, a style or an icon of the app. */
  | 'part'
  /** Something else of the app's own host: the Guide, an engine. */
  | 'data'
  /** A copy of the app for use offline, or a newer version of it. */
  | 'offline-copy'
  /** A model, or the list of its files. */
  | 'model'
  /** Words of a person, for a server that they have added. */
  | 'server'
  /** A question to such a server that carries none: which models it has. */
  | 'server-check'
  | 'self-test';

export type RequestResult =
  | 'answered'
  | 'failed'
  /** An answer came, and was not what it should have been. */
  | 'refused'
  /** By the security policy, before anything was sent. */
  | 'blocked';

export interface RequestRow {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: RequestSource;
  readonly purpose: RequestPurpose;
  readonly host: string;
  /** Without query: it may carry what is nobody's business. */
  readonly path: string;
  /** Of the answer, as far as the network carried them; null where nobody tells. */
  readonly bytes: number | null;
  /** That left this device in the body of the request; absent where it had none. */
  readonly sentBytes?: number;
  readonly result: RequestResult;
}

interface LedgerSchema extends DBSchema {
  requests: { key: number; value: RequestRow };
  /** Small things to know about this device's storage: see `src/app/storage-marker.ts`. */
  notes: { key: string; value: string };
}

export const ledgerDatabaseName = 'sotto-ledger';
/** Told with each new row, so that an open Privacy page shows it. */
export const ledgerChannelName = 'sotto-requests';
export const mostRequestRows = 2000;

export const ledgerDatabase: DatabaseDefinition<LedgerSchema> = {
  name: ledgerDatabaseName,
  refused: 'storage-unavailable',
  migrations: [
    (database) => {
      database.createObjectStore('requests', { autoIncrement: true });
      database.createObjectStore('notes');
    },
  ],
};

/** Deleting takes less; a service worker may outlive it. */
const deletionMs = 15_000;

/** The host and the path of an address, as far as they may be kept. */
export function keptAddress(url: string): Pick<RequestRow, 'host' | 'path'> {
  const parsed = parseUrl(url);
  // Blobs and data have no host; nothing leaves the device for them.
  if (!parsed || parsed.host === '') return { host: parsed?.protocol ?? '', path: '' };
  return { host: parsed.host, path: parsed.pathname };
}

/** Writes the requests of one thread. Nothing that is being done ever waits for it or fails with it. */
export class RequestLog {
  #channel: BroadcastChannel | null = null;
  #queue: RequestRow[] = [];
  #unstored: RequestRow[] = [];
  #writing = false;
  /** Until then, what is noted must not make the database anew that is being deleted. In ms of this thread. */
  #quietUntil = 0;

  constructor(readonly source: RequestSource) {
    if (!('BroadcastChannel' in globalThis)) return;
    this.#channel = new BroadcastChannel(ledgerChannelName);
    new BroadcastChannel(deletionChannelName).onmessage = () => (this.#quietUntil = performance.now() + deletionMs);
  }

  /** What could not be stored, because the browser stores nothing. */
  get unstored(): readonly RequestRow[] {
    return this.#unstored;
  }

  note(url: string, row: Omit<RequestRow, 'source' | 'host' | 'path'>): void {
    const whole = { ...row, source: this.source, ...keptAddress(url) };
    this.#queue.push(whole);
    this.#channel?.postMessage(whole);
    if (performance.now() < this.#quietUntil) this.#queue.length = 0;
    else if (!this.#writing) void this.#write();
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#queue.length > 0) {
      try {
        await withDatabase(ledgerDatabase, async (database) => {
          // Not before: it may be empty by now, because everything was deleted.
          const rows = [...this.#queue];
          await append(database, rows);
          this.#queue.splice(0, rows.length);
        });
      } catch {
        this.#unstored = [...this.#unstored, ...this.#queue.splice(0)].slice(-mostRequestRows);
      }
    }
    this.#writing = false;
  }
}

async function append(database: IDBPDatabase<LedgerSchema>, rows: readonly RequestRow[]): Promise<void> {
  const transaction = database.transaction('requests', 'readwrite');
  const { store } = transaction;
  for (const row of rows) toldElsewhere(store.add(row));
  const surplus = (await store.count()) - mostRequestRows;
  if (surplus > 0) {
    const oldest = await store.getAllKeys(null, surplus);
    for (const key of oldest) toldElsewhere(store.delete(key));
  }
  await transaction.done;
}

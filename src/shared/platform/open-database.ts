/** The one way to open a database of this device: an older one is brought up to date, and what goes wrong has a name. */
import { openDB, unwrap, wrap, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import { FailureError, failureFrom, type FailureKind } from '../protocol/failure';
import { toldElsewhere } from './told-elsewhere';

export type Migration<Schema> = (
  database: IDBPDatabase<Schema>,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
) => void;

export interface DatabaseDefinition<Schema = unknown> {
  readonly name: string;
  /**
   * Entry n takes the database from version n to n + 1. Never changed once released: append. Empty for who only reads: then it
   * is opened in whatever version it is, and not made where there is none.
   */
  readonly migrations: readonly Migration<Schema>[];
  /** What it is called when the browser does not open it: private mode, a policy, a broken profile. */
  readonly refused: FailureKind;
}

export interface DatabaseEvents {
  /** Another tab keeps it open in an older version. Not told to who waits behind such a one: the browser is silent then. */
  readonly onBlocked: () => void;
  /** The connection is gone: the browser closed it, or, with false, a newer version or "Delete everything" needed it to. */
  readonly onClosed: (byBrowser: boolean) => void;
}

/** How long to wait, in ms, before each new try to open a database whose data are just being cleared: the browser refuses it meanwhile. */
const clearingMs = [100, 300, 1000];

/**
 * @throws FailureError `storage-outdated` where a newer version of the app has been here, or what a refusal is called; a
 * DOMException named `QuotaExceededError` where the disk is full
 */
export async function openDatabase<Schema>(
  definition: DatabaseDefinition<Schema>,
  events: DatabaseEvents,
): Promise<IDBPDatabase<Schema>> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await open(definition, events);
    } catch (error) {
      const pauseMs = clearingMs[tries];
      if (!isNamed(error, 'AbortError') || pauseMs === undefined) throw named(error, definition.refused);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function open<Schema>(
  { name, migrations }: DatabaseDefinition<Schema>,
  { onBlocked, onClosed }: DatabaseEvents,
): Promise<IDBPDatabase<Schema>> {
  if (!globalThis.indexedDB) throw new DOMException('indexedDB is missing', 'NotSupportedError');
  const onlyReads = migrations.length === 0;
  let isMissing = false;
  try {
    const database = await openDB<Schema>(name, onlyReads ? undefined : migrations.length, {
      upgrade(database, oldVersion, _newVersion, transaction) {
        for (const step of migrations.slice(oldVersion)) step(database, transaction);
        if (!onlyReads) return;
        isMissing = true;
        toldElsewhere(transaction.done);
        transaction.abort();
      },
      blocked: onBlocked,
      // A newer tab wants to upgrade, or "Delete everything" runs: let go, else it waits for ever.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        onClosed(false);
      },
      terminated: () => onClosed(true),
    });
    endQuietly(unwrap(database));
    return database;
  } catch (error) {
    throw isMissing ? new DOMException(`there is no ${name}`, 'NotFoundError') : error;
  }
}

/**
 * `idb` makes a `done` for every transaction, also for those where nobody asks for it. A transaction that ends badly is told by the
 * request that failed, or by the `done` that somebody waits for.
 */
function endQuietly(database: IDBDatabase): void {
  const begin = database.transaction.bind(database);
  database.transaction = (...given) => {
    const transaction = begin(...given);
    toldElsewhere(wrap(transaction).done);
    return transaction;
  };
}

/** A full disk is told by whoever stores, as when a write meets it. */
const named = (error: unknown, refused: FailureKind): unknown =>
  isNamed(error, 'QuotaExceededError')
    ? error
    : new FailureError(failureFrom(error, isNamed(error, 'VersionError') ? 'storage-outdated' : refused));

export const isNamed = (error: unknown, name: string): error is DOMException =>
  error instanceof DOMException && error.name === name;

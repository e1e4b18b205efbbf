/** What all databases of the device have in common: upgrades, other tabs, and a browser that closes or refuses them. */
import { deleteDB, openDB, unwrap, type DBSchema } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseConnection, withDatabase } from '../../src/shared/platform/database-connection';
import type { DatabaseDefinition } from '../../src/shared/platform/open-database';

interface Schema extends DBSchema {
  first: { key: string; value: number };
  second: { key: string; value: number };
}

const name = 'test';
const definition: DatabaseDefinition<Schema> = {
  name,
  refused: 'storage-unavailable',
  migrations: [
    (database) => void database.createObjectStore('first').put(1, 'of version 1'),
    (database, transaction) => {
      database.createObjectStore('second');
      void transaction.objectStore('first').put(2, 'of version 2');
    },
  ],
};
const older = { ...definition, migrations: definition.migrations.slice(0, 1) };

const connections: { close(): void }[] = [];
function connect(to = definition, closed?: () => void): DatabaseConnection<Schema> {
  const connection = new DatabaseConnection(to, closed);
  connections.push(connection);
  return connection;
}

/** A tab that does not hear that it should close, as one that is frozen. */
async function frozenTab(version = 1): Promise<void> {
  connections.push(await openDB(name, version, { upgrade: (database) => void database.createObjectStore('first') }));
}

const keys = (connection: DatabaseConnection<Schema>): Promise<string[]> =>
  connection.use((database) => database.getAllKeys('first'));

const names = async (): Promise<(string | undefined)[]> => (await indexedDB.databases()).map((found) => found.name);

const blocked = { failure: { kind: 'storage-blocked' } };

beforeEach(() => deleteDB(name));
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const connection of connections.splice(0)) connection.close();
  await deleteDB(name);
});

describe('a database', () => {
  it('takes the steps that it has not taken yet', async () => {
    await withDatabase(older, (database) => database.put('first', 3, 'in between'));
    expect(await keys(connect())).toEqual(['in between', 'of version 1', 'of version 2']);
  });

  it('is opened once for all who ask, and not before', async () => {
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    const connection = connect();
    expect(open).not.toHaveBeenCalled();
    await Promise.all([keys(connection), keys(connection), connection.whenOpen()]);
    expect(open).toHaveBeenCalledOnce();
  });

  it('is not made by who only reads', async () => {
    const reader = connect({ ...definition, migrations: [] });
    await expect(keys(reader)).rejects.toMatchObject({ failure: { kind: 'storage-unavailable' } });
    expect(await names()).not.toContain(name);
    await keys(connect());
    expect(await keys(reader)).toEqual(['of version 1', 'of version 2']);
  });

  it('is closed after the one thing that it was opened for, also when that fails', async () => {
    const close = vi.spyOn(IDBDatabase.prototype, 'close');
    await withDatabase(definition, () => Promise.resolve());
    await expect(withDatabase(definition, () => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
    expect(close).toHaveBeenCalledTimes(2);
  });

  it('is closed even if it was still being opened, and opened again when it is needed', async () => {
    const connection = connect();
    const reading = keys(connection);
    connection.close();
    expect(await reading.catch(() => 'closed')).toBeDefined();
    expect(await keys(connection)).toHaveLength(2);
  });
});

describe('another tab', () => {
  it('of a newer version gets the database at once, and this one says that it is outdated', async () => {
    const closed = vi.fn();
    const old = connect(older, closed);
    await keys(old);
    const unheard = vi.fn();
    connections.push(await openDB(name, 2, { blocked: unheard }));
    await expect(keys(old)).rejects.toMatchObject({ failure: { kind: 'storage-outdated' } });
    expect(unheard).not.toHaveBeenCalled();
    // Only what the browser does by itself is news.
    expect(closed).not.toHaveBeenCalled();
  });

  it('that does not let go is told of, each time, and the database is there when it has', async () => {
    await frozenTab();
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    const connection = connect();
    await expect(keys(connection)).rejects.toMatchObject(blocked);
    await expect(keys(connection)).rejects.toMatchObject(blocked);
    connections.shift()?.close();
    await connection.whenOpen();
    expect(await keys(connection)).toEqual(['of version 2']);
    expect(open).toHaveBeenCalledOnce();
  });

  it('that waits itself is told of, though the browser says nothing then', async () => {
    await frozenTab();
    const first = connect();
    const heard = vi.fn();
    void first.whenOpen().then(heard);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const behind = keys(connect());
    const told = expect(behind).rejects.toMatchObject({
      failure: { kind: 'storage-blocked', technical: 'test does not answer' },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await told;
    expect(heard).not.toHaveBeenCalled();
  });

  it('that deletes everything is not held up, and what comes after it begins anew', async () => {
    const connection = connect();
    await connection.use((database) => database.put('second', 1, 'a'));
    await deleteDB(name, { blocked: () => expect.unreachable() });
    expect(await connection.use((database) => database.count('second'))).toBe(0);
  });
});

describe('a browser', () => {
  const closeByBrowser = (database: IDBDatabase): void => {
    database.close();
    database.dispatchEvent(new Event('close'));
  };

  it('that closes the connection is told of, and the next use opens it again', async () => {
    const closed = vi.fn();
    const connection = connect(definition, closed);
    await connection.use(async (database) => closeByBrowser(unwrap(database) as unknown as IDBDatabase));
    expect(closed).toHaveBeenCalledOnce();
    expect(await keys(connection)).toHaveLength(2);
  });

  it.each<readonly [string, (database: IDBDatabase) => Promise<unknown>]>([
    [
      'closed',
      async (database) => {
        database.close();
        database.transaction('first');
      },
    ],
    [
      'closed in the middle of a transaction',
      async (database) => {
        const transaction = database.transaction('first', 'readwrite');
        database.close();
        transaction.abort();
        throw new DOMException('aborted', 'AbortError');
      },
    ],
    [
      'lost, as WebKit says it',
      () =>
        Promise.reject(
          new DOMException('Connection to Indexed Database server lost. Refresh the page to try again', 'UnknownError'),
        ),
    ],
  ])('gets a second try on a new connection when the old one is found %s', async (_, lose) => {
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    const connection = connect();
    let tries = 0;
    const use = (): Promise<number> =>
      connection.use(async (database) => {
        tries += 1;
        if (tries <= 2) await lose(unwrap(database) as unknown as IDBDatabase);
        return database.count('first');
      });
    // Both have lost the same connection.
    expect(await Promise.all([use(), use()])).toEqual([2, 2]);
    expect([tries, open.mock.calls.length]).toEqual([4, 2]);
  });

  it('gets no second try for a failure of the work itself', async () => {
    const work = vi.fn(() => Promise.reject(new DOMException('given up', 'AbortError')));
    await expect(connect().use(work)).rejects.toThrow('given up');
    expect(work).toHaveBeenCalledOnce();
  });

  it('that is clearing the data refuses for a moment, which is waited for', async () => {
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    for (let times = 0; times < 2; times += 1)
      open.mockImplementationOnce(() => {
        throw new DOMException('The connection was closed.', 'AbortError');
      });
    expect(await keys(connect())).toHaveLength(2);
  });

  it('that refuses is asked again by the next use', async () => {
    const refusal = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const connection = connect();
    const refused = { failure: { kind: 'storage-unavailable', technical: 'SecurityError: denied' } };
    await expect(keys(connection)).rejects.toMatchObject(refused);
    refusal.mockRestore();
    expect(await keys(connection)).toHaveLength(2);
  });

  it('without IndexedDB is one that refuses, and a full disk keeps its name', async () => {
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(keys(connect())).rejects.toMatchObject({ name: 'QuotaExceededError' });
    for (const none of [undefined, null]) {
      vi.stubGlobal('indexedDB', none);
      await expect(keys(connect())).rejects.toMatchObject({ failure: { kind: 'storage-unavailable' } });
    }
  });
});

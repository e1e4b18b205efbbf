/** The chats database over its versions, and what happens when the browser or another tab interferes. */
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChatsConnection } from '../../src/storage/chats-connection';
import { openDatabase } from '../../src/shared/platform/open-database';
import { chatsDatabase, chatsDatabaseName } from '../../src/storage/chats-database';
import { openChats } from '../../src/storage/open-chats';
import { IndexedDbConversations } from '../../src/storage/indexed-db-conversations';
import firstVersion from '../fixtures/chats-v1.json';
import { conversation, question } from '../fixtures/conversations';

const open: { close(): void }[] = [];

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const database of open.splice(0)) database.close();
  await deleteDB(chatsDatabaseName);
});

const silent = { onBlocked: () => {}, onClosed: () => {} };

/** The database as the first version of the app left it. */
async function makeFirstVersion(): Promise<void> {
  const database = await openDB(chatsDatabaseName, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('conversations', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt');
      fresh.createObjectStore('messages', { keyPath: 'id' }).createIndex('conversationId', 'conversationId');
    },
  });
  for (const record of firstVersion.conversations) await database.put('conversations', record);
  for (const record of firstVersion.messages) await database.put('messages', record);
  database.close();
}

describe('a database of the first version', () => {
  it('is brought up to date with every record and every unknown field', async () => {
    await makeFirstVersion();
    const repository = new IndexedDbConversations();
    const [empty, offline] = await repository.list();
    expect(empty).toEqual(firstVersion.conversations[1]);
    expect(offline).toEqual(firstVersion.conversations[0]);
    expect((await repository.read(offline?.id ?? ''))?.messages).toEqual(firstVersion.messages);
  });

  it('keeps unknown fields when it is written to', async () => {
    await makeFirstVersion();
    const repository = new IndexedDbConversations();
    const id = firstVersion.conversations[0]?.id ?? '';
    await repository.patch(id, () => ({ pinned: true }));
    expect((await repository.read(id))?.conversation).toEqual({ ...firstVersion.conversations[0], pinned: true });
    expect((await repository.front(1)).map((found) => found.title)).toEqual(['How do I use this offline?', '空的对话']);
  });

  it('has the same stores and indices afterwards as one that is made anew', async () => {
    const shape = async (): Promise<unknown> => {
      const database = await openDatabase(chatsDatabase, silent);
      open.push(database);
      const names = [...database.objectStoreNames];
      const transaction = database.transaction(names);
      return names.map((name) => [name, [...transaction.objectStore(name).indexNames]]);
    };
    await makeFirstVersion();
    const upgraded = await shape();
    for (const database of open.splice(0)) database.close();
    await deleteDB(chatsDatabaseName);
    expect(await shape()).toEqual(upgraded);
  });

  it('was made by the first migration, which must never change', async () => {
    const database = await openDatabase({ ...chatsDatabase, migrations: chatsDatabase.migrations.slice(0, 1) }, silent);
    open.push(database);
    const transaction = database.transaction(['conversations', 'messages']);
    expect([...database.objectStoreNames]).toEqual(['conversations', 'messages']);
    expect([...transaction.objectStore('conversations').indexNames]).toEqual(['updatedAt']);
    expect([...transaction.objectStore('messages').indexNames]).toEqual(['conversationId']);
  });
});

describe('another tab', () => {
  it('that will not let go of the old version is told of, and its end is noticed', async () => {
    await makeFirstVersion();
    // A tab that is frozen, say: it does not hear that it should close.
    const frozen = await openDB(chatsDatabaseName, 1);
    open.push(frozen);
    const store = await openChats();
    expect(store.persistent).toBe(true);
    await expect(store.conversations.list()).rejects.toMatchObject({ failure: { kind: 'storage-blocked' } });
    frozen.close();
    await store.whenOpen();
    expect(await store.conversations.list()).toHaveLength(2);
  });

  it('of an older version is told that it is outdated once a newer one has been here', async () => {
    const repository = new IndexedDbConversations();
    await repository.write(conversation('a'), [question('q', 'a')]);
    const newer = await openDB(chatsDatabaseName, 99);
    open.push(newer);
    await expect(repository.write(conversation('b'), [])).rejects.toMatchObject({
      failure: { kind: 'storage-outdated' },
    });
    expect((await openChats()).persistent).toBe(true);
  });

  it('that deletes everything is not held up, and the next write starts afresh', async () => {
    const repository = new IndexedDbConversations();
    await repository.write(conversation('a'), []);
    await deleteDB(chatsDatabaseName);
    await repository.write(conversation('b'), []);
    expect((await repository.list()).map(({ id }) => id)).toEqual(['b']);
  });
});

describe('a browser that refuses', () => {
  it('to open at all gets a store in memory', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect((await openChats()).persistent).toBe(false);
  });

  it('and has no IndexedDB gets the same, and it works', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const store = await openChats();
    expect(store.persistent).toBe(false);
    await store.conversations.write(conversation('a'), []);
    expect(await store.conversations.list()).toHaveLength(1);
  });

  it('for lack of space says so by name, and loses nothing', async () => {
    const repository = new IndexedDbConversations();
    await repository.write(conversation('a'), [question('q', 'a')]);
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const full = { failure: { kind: 'storage-full' } };
    await expect(repository.write(conversation('a'), [question('p', 'a')])).rejects.toMatchObject(full);
    await expect(repository.patch('a', () => ({ title: 'x' }))).rejects.toMatchObject(full);
    vi.restoreAllMocks();
    expect(await repository.read('a')).toEqual({ conversation: conversation('a'), messages: [question('q', 'a')] });
  });

  it('and closed the connection is asked once more, not for ever', async () => {
    const connection = new ChatsConnection();
    let calls = 0;
    const closed = (): Promise<never> => {
      calls += 1;
      return Promise.reject(new DOMException('the connection is closing', 'InvalidStateError'));
    };
    await expect(connection.use(closed)).rejects.toMatchObject({ failure: { kind: 'storage-unavailable' } });
    expect(calls).toBe(2);
    (await connection.use((database) => Promise.resolve(database))).close();
  });

  it('may allow it later', async () => {
    const connection = new ChatsConnection();
    const refusal = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const count = (): Promise<number> => connection.use((database) => database.count('conversations'));
    await expect(count()).rejects.toMatchObject({ failure: { kind: 'storage-unavailable' } });
    refusal.mockRestore();
    expect(await count()).toBe(0);
  });
});

/** The conversations' repositories, IndexedDB's for real: what is written is there, and what fails is named. */
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AnswerMessage, Conversation, UserMessage } from '../../src/contracts/conversation';
import { exportChats } from '../../src/library/export-chats';
import { importChats } from '../../src/library/import-chats';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import type { ConversationRepository } from '../../src/storage/conversation-repository';
import { IndexedDbConversations } from '../../src/storage/indexed-db-conversations';
import { MemoryConversations } from '../../src/storage/memory-conversations';
import { openConversations } from '../../src/storage/open-conversations';

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await deleteDB(chatsDatabaseName);
});

const conversation = (id: string, updatedAt = 1, activeLeafId: string | null = null): Conversation => ({
  id,
  title: `Title ${id}`,
  createdAt: 1,
  updatedAt,
  activeLeafId,
});
const question = (id: string, conversationId: string): UserMessage => ({
  role: 'user',
  id,
  conversationId,
  parentId: null,
  text: `text of ${id}`,
  createdAt: 1,
});
const answer = (id: string, conversationId: string, parentId: string): AnswerMessage => ({
  role: 'assistant',
  id,
  conversationId,
  parentId,
  text: 'an answer',
  createdAt: 2,
  state: 'whole',
  modelId: 'guide',
  modelName: 'Guide',
});

describe.each([
  ['IndexedDB', (): ConversationRepository => new IndexedDbConversations()],
  ['memory', (): ConversationRepository => new MemoryConversations()],
])('conversations in %s', (_name, create) => {
  it('are read as they were written, newest first', async () => {
    const repository = create();
    await repository.write(conversation('a', 1), [question('q', 'a'), answer('r', 'a', 'q')]);
    await repository.write(conversation('b', 2), []);
    expect((await repository.list()).map(({ id }) => id)).toEqual(['b', 'a']);
    expect((await repository.list(1)).map(({ id }) => id)).toEqual(['b']);
    const record = await repository.read('a');
    expect(record?.messages).toEqual([question('q', 'a'), answer('r', 'a', 'q')]);
    expect(await repository.read('gone')).toBeNull();
  });

  it('are deleted with their messages only, and come back by undo', async () => {
    const repository = create();
    await repository.write(conversation('a'), [question('q', 'a')]);
    await repository.write(conversation('b'), [question('p', 'b')]);
    const removed = await repository.remove('a');
    expect(await repository.read('a')).toBeNull();
    expect((await repository.read('b'))?.messages).toHaveLength(1);
    if (!removed) throw new Error('nothing was removed');
    await repository.write(removed.conversation, removed.messages);
    expect((await repository.read('a'))?.messages).toEqual([question('q', 'a')]);
    expect(await repository.remove('gone')).toBeNull();
  });

  it('are not brought back by an answer that was still being written', async () => {
    const repository = create();
    await repository.write(conversation('a'), [question('q', 'a')]);
    await repository.remove('a');
    await repository.writeMessage(answer('r', 'a', 'q'));
    await repository.write(conversation('a'), []);
    expect((await repository.read('a'))?.messages).toEqual([]);
  });

  it('survive export, loss and import; importing twice changes nothing', async () => {
    const repository = create();
    await repository.write(conversation('a', 1, 'r'), [question('q', 'a'), answer('r', 'a', 'q')]);
    const file = await exportChats(repository);
    const fresh = new MemoryConversations();
    expect(await importChats(fresh, file)).toEqual({ ok: true, value: { conversations: 1, messages: 2, skipped: 0 } });
    expect(await fresh.read('a')).toEqual(await repository.read('a'));
    expect(await importChats(repository, file)).toEqual({
      ok: true,
      value: { conversations: 0, messages: 0, skipped: 0 },
    });
  });
});

describe('a hostile import', () => {
  const header = JSON.stringify({ type: 'sotto-chats', version: 1 });
  const lines = (...records: unknown[]): Blob =>
    new Blob([
      [header, ...records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)))].join('\n'),
    ]);

  it.each([
    ['nothing', new Blob([])],
    ['another format', new Blob(['{"type":"other"}\n'])],
    ['no JSON', new Blob(['<html></html>'])],
    ['binary', new Blob([new Uint8Array([0, 255, 1, 254])])],
  ])('with %s is refused by name', async (_name, file) => {
    expect(await importChats(new MemoryConversations(), file)).toMatchObject({
      ok: false,
      failure: { kind: 'import-unreadable' },
    });
  });

  it('loses only the lines that are wrong', async () => {
    const repository = new MemoryConversations();
    const result = await importChats(
      repository,
      lines(
        { type: 'conversation', ...conversation('a') },
        { type: 'message', ...question('q', 'a'), evil: '<script>', __proto__: { x: 1 } },
        { type: 'message', ...question('w', 'a'), text: 42 },
        { type: 'message', ...question('v', 'a'), createdAt: 'yesterday' },
        { type: 'message', ...question('u', 'a'), role: 'system' },
        { type: 'conversation', ...conversation('b'), id: 'x'.repeat(1000) },
        { type: 'unknown' },
        '{"cut',
        'null',
      ),
    );
    expect(result).toEqual({ ok: true, value: { conversations: 1, messages: 1, skipped: 7 } });
    expect((await repository.read('a'))?.messages).toEqual([question('q', 'a')]);
  });
});

describe('a browser that refuses storage', () => {
  it('without IndexedDB gets a repository that says it will forget', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const repository = await openConversations();
    expect(repository.persistent).toBe(false);
    await repository.write(conversation('a'), []);
    expect(await repository.list()).toHaveLength(1);
  });

  it('that throws on open gets the same', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect((await openConversations()).persistent).toBe(false);
  });

  it('that is full in the middle says so by name, and loses nothing', async () => {
    const repository = new IndexedDbConversations();
    await repository.write(conversation('a'), [question('q', 'a')]);
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(repository.write(conversation('a'), [question('p', 'a')])).rejects.toMatchObject({
      failure: { kind: 'storage-full' },
    });
    vi.restoreAllMocks();
    expect((await repository.read('a'))?.messages).toHaveLength(1);
  });

  it('that closed the connection is opened again', async () => {
    const repository = new IndexedDbConversations();
    await repository.write(conversation('a'), []);
    // A newer version is asked for elsewhere: our connection closes itself, as it must.
    (await openDB(chatsDatabaseName, 2)).close();
    await deleteDB(chatsDatabaseName);
    await repository.write(conversation('b'), []);
    expect((await repository.list()).map(({ id }) => id)).toEqual(['b']);
  });
});

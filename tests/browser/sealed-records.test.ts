/** The seal itself, and the repositories on sealed tables: they must do everything that they do on plain ones. */
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { isSealed, type SealedRecord } from '../../src/shared/domain/lock';
import { seal, unseal } from '../../src/shared/platform/seal';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { answer, attachment, conversation, question, reference, whole } from '../fixtures/conversations';
import { newKey, openLocked, openTab } from '../fixtures/locked-chats';

afterEach(() => deleteDB(chatsDatabaseName));

const secret = 'The heron stands in the cold river.';

/** With one bit changed. */
const flipped = (bytes: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> =>
  bytes.with(at, (bytes[at] ?? 0) ^ 1);

async function raw<T>(work: (database: Awaited<ReturnType<typeof openDB>>) => Promise<T>): Promise<T> {
  const database = await openDB(chatsDatabaseName);
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** All that lies in the database, as text. */
const everything = (): Promise<string> =>
  raw(async (database) => {
    const parts: string[] = [];
    for (const name of database.objectStoreNames) {
      for (const record of await database.getAll(name)) {
        const texts = await Promise.all(
          Object.values(record as object).map((value: unknown) =>
            value instanceof Blob
              ? value.text()
              : value instanceof Uint8Array
                ? new TextDecoder('latin1').decode(value)
                : JSON.stringify(value),
          ),
        );
        parts.push(...texts);
      }
    }
    return parts.join('\n');
  });

describe('the seal', () => {
  const record = { ...question('q', 'a', { text: secret, parentId: 'p' }) };

  it('gives back what was sealed, Blobs included, and shows nothing of it', async () => {
    const key = await newKey();
    const file = { ...attachment('f', 'a', secret) };
    const sealed = await seal(key, 'attachments', file);
    expect(Object.keys(sealed)).toEqual(['id', 'conversationId', 'sealed']);
    expect(new TextDecoder('latin1').decode(sealed.sealed)).not.toContain('heron');
    const opened = (await unseal(key, 'attachments', sealed)) as unknown as typeof file;
    expect({ ...opened, file: await opened.file.text(), text: await opened.text.text() }).toEqual({
      ...file,
      file: secret,
      text: secret,
    });
    expect(opened.file.type).toBe('text/plain');
    expect(await unseal(key, 'messages', await seal(key, 'messages', record))).toEqual(record);
  });

  it('keeps broken halves of characters and unknown fields', async () => {
    const key = await newKey();
    const odd = { id: 'x', conversationId: 'a', text: '\ud83d half', extra: { deep: [1, null, { a: '😀' }] } };
    expect(await unseal(key, 'messages', await seal(key, 'messages', odd))).toEqual(odd);
  });

  it.each<[string, (sealed: SealedRecord) => [string, SealedRecord]]>([
    ['another id', (sealed) => ['messages', { ...sealed, id: 'r' }]],
    ['another conversation', (sealed) => ['messages', { ...sealed, conversationId: 'b' }]],
    ['another table', (sealed) => ['attachments', sealed]],
    ['a field in the clear more', (sealed) => ['messages', { ...sealed, updatedAt: 1 }]],
    ['a bit changed', (sealed) => ['messages', { ...sealed, sealed: flipped(sealed.sealed, 20) }]],
    ['another nonce', (sealed) => ['messages', { ...sealed, sealed: flipped(sealed.sealed, 0) }]],
    ['its end cut off', (sealed) => ['messages', { ...sealed, sealed: sealed.sealed.slice(0, -1) }]],
    ['nothing in it', (sealed) => ['messages', { ...sealed, sealed: new Uint8Array(0) }]],
  ])('is broken by %s', async (_name, change) => {
    const key = await newKey();
    const [table, changed] = change(await seal(key, 'messages', record));
    await expect(unseal(key, table, changed)).rejects.toBeInstanceOf(Error);
  });

  it('of a conversation is broken by another time, or by pinning it', async () => {
    const key = await newKey();
    const sealed = await seal(key, 'conversations', { ...conversation('a') });
    await expect(unseal(key, 'conversations', { ...sealed, updatedAt: 2 })).rejects.toBeInstanceOf(Error);
    await expect(unseal(key, 'conversations', { ...sealed, pinnedKey: 1 })).rejects.toBeInstanceOf(Error);
  });

  it('is not opened by another key', async () => {
    const sealed = await seal(await newKey(), 'messages', record);
    await expect(unseal(await newKey(), 'messages', sealed)).rejects.toBeInstanceOf(Error);
  });

  it('never uses a nonce twice', async () => {
    const key = await newKey();
    const count = 5000;
    const sealed = await Promise.all(Array.from({ length: count }, () => seal(key, 'messages', record)));
    expect(new Set(sealed.map(({ sealed: bytes }) => bytes.slice(0, 12).join())).size).toBe(count);
  });
});

describe('under the lock', () => {
  it('everything that is written can be read, and nothing of it lies in the clear', async () => {
    const tab = await openLocked(await newKey());
    const file = attachment('f', 'a', secret);
    const title = `${secret} title`;
    await tab.conversations.write(
      conversation('a', { title, tags: [`${secret} tag`], updatedAt: 5, pinned: true }),
      [
        question('q', 'a', { text: secret, attachments: [{ ...reference(file), name: `${secret}.txt` }] }),
        answer('r', 'a', 'q', { text: `${secret} back` }),
      ],
      [file],
    );
    await tab.drafts.write({ id: 'a', text: `${secret} draft`, attachmentIds: [], updatedAt: 1 });
    const settings = { systemPrompt: `${secret} prompt` };
    await tab.personas.write({ id: 'p', name: secret, icon: '🙂', settings, createdAt: 1, updatedAt: 1 });
    await tab.defaults.write(settings);
    await tab.keptRecords.write({ id: 'k', line: `{"x":"${secret}"}` });
    expect(await everything()).not.toMatch(/heron|river/);
    expect(await tab.conversations.front(5)).toMatchObject([{ id: 'a', title }]);
    const [record] = await tab.conversations.readWhole(['a']);
    expect(record?.messages.map(({ text }) => text).sort()).toEqual([secret, `${secret} back`]);
    expect(await record?.attachments[0]?.text.text()).toBe(secret);
    expect(record?.draft?.text).toBe(`${secret} draft`);
    expect((await tab.personas.list())[0]?.name).toBe(secret);
    expect(await tab.defaults.read()).toEqual(settings);
    expect((await tab.keptRecords.list())[0]?.line).toContain(secret);
  });

  it('reading, changing and writing stay one transaction', async () => {
    const key = await newKey();
    const [one, other] = [await openLocked(key), await openLocked(key)];
    await one.conversations.write(conversation('a', { updatedAt: 0 }), []);
    const count = 40;
    await Promise.all(
      Array.from({ length: count }, (_, index) =>
        (index % 2 === 0 ? one : other).conversations.patch('a', ({ updatedAt }) => ({ updatedAt: updatedAt + 1 })),
      ),
    );
    expect((await one.conversations.headers(['a']))[0]?.updatedAt).toBe(count);
  });

  it('a write that fails in the middle leaves nothing behind', async () => {
    const tab = await openLocked(await newKey());
    await tab.conversations.write(conversation('a'), [question('q', 'a')]);
    const unreadable = new File([], 'gone');
    Object.defineProperty(unreadable, 'arrayBuffer', {
      value: () => Promise.reject(new DOMException('gone', 'NotReadableError')),
    });
    await expect(
      tab.conversations.write(conversation('b'), [question('p', 'b')], [{ ...attachment('f', 'b'), file: unreadable }]),
    ).rejects.toMatchObject({ failure: { kind: 'storage-unavailable' } });
    expect((await tab.conversations.list()).map(({ id }) => id)).toEqual(['a']);
    expect(await tab.conversations.read('a')).not.toBeNull();
  });

  it('a tab without the key can neither read nor write, and says why', async () => {
    const tab = await openLocked(await newKey());
    await tab.conversations.write(conversation('a'), []);
    const locked = { failure: { kind: 'storage-locked' } };
    const stranger = openTab();
    await stranger.lock.read();
    expect(stranger.lock.vault.isLocked).toBe(true);
    await expect(stranger.conversations.list()).rejects.toMatchObject(locked);
    await expect(stranger.conversations.write(conversation('b'), [])).rejects.toMatchObject(locked);
  });
});

describe('a record whose seal is broken', () => {
  async function breakSeal(table: string, id: string): Promise<void> {
    await raw(async (database) => {
      const stored = (await database.get(table, id)) as SealedRecord;
      await database.put(table, { ...stored, sealed: flipped(stored.sealed, 30) });
    });
  }

  it('is shown as unreadable among the others', async () => {
    const tab = await openLocked(await newKey());
    await tab.conversations.addMany([whole('a'), whole('b'), whole('c')]);
    await breakSeal('conversations', 'b');
    const titles = (await tab.conversations.list()).map(({ title }) => title).sort();
    expect(titles).toEqual(['Can’t be read', 'Title a', 'Title c']);
  });

  it('in the middle of a conversation does not hide what comes before it', async () => {
    const tab = await openLocked(await newKey());
    const messages = [
      question('q1', 'a', { createdAt: 1 }),
      answer('a1', 'a', 'q1', { createdAt: 2 }),
      question('q2', 'a', { createdAt: 3, parentId: 'a1' }),
      answer('a2', 'a', 'q2', { createdAt: 4 }),
      question('q3', 'a', { createdAt: 5, parentId: 'a2' }),
    ];
    await tab.conversations.write(conversation('a', { activeLeafId: 'q3' }), messages);
    await breakSeal('messages', 'a1');
    await breakSeal('messages', 'q2');
    const read = new Map((await tab.conversations.read('a'))?.messages.map((message) => [message.id, message]));
    expect(read.size).toBe(5);
    expect(read.get('q2')).toMatchObject({ role: 'user', text: '(This message can’t be read.)' });
    expect(read.get('q1')).toMatchObject({ text: 'text of q1' });
    const passed: string[] = [];
    for (let id: string | null = 'q3'; id !== null; id = read.get(id)?.parentId ?? null) passed.push(id);
    expect(passed).toContain('q1');
    expect(passed).toContain('q2');
  });

  it('is not made worse by what is done around it, and can be deleted and brought back', async () => {
    const tab = await openLocked(await newKey());
    await tab.conversations.addMany([whole('a')]);
    await breakSeal('conversations', 'a');
    const before = await raw((database) => database.get('conversations', 'a') as Promise<SealedRecord>);
    await tab.conversations.patch('a', () => ({ title: 'A new name' }));
    expect(await raw((database) => database.get('conversations', 'a'))).toEqual(before);
    const removed = await tab.conversations.remove(['a']);
    expect(await tab.conversations.list()).toEqual([]);
    await tab.conversations.addMany(removed);
    const after = await raw((database) => database.get('conversations', 'a') as Promise<unknown>);
    expect(isSealed(after)).toBe(true);
    expect(after).toEqual(before);
  });

  it('of a draft, a persona or the defaults is no reason to fail', async () => {
    const tab = await openLocked(await newKey());
    await tab.drafts.write({ id: '', text: 'x', attachmentIds: [], updatedAt: 1 });
    await tab.personas.write({ id: 'p', name: 'n', icon: '🙂', settings: {}, createdAt: 1, updatedAt: 1 });
    await tab.defaults.write({ systemPrompt: 'x' });
    await breakSeal('drafts', '');
    await breakSeal('personas', 'p');
    await breakSeal('settings', 'defaults');
    expect(await tab.drafts.read('')).toBeNull();
    expect(await tab.drafts.list()).toEqual([]);
    expect((await tab.personas.list())[0]?.name).toBe('Can’t be read');
    expect(await tab.defaults.read()).toEqual({});
  });
});

/** Turning the lock on, off and over, with whatever may come in between: a crash, other tabs, a wrong passphrase. */
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isSealed } from '../../src/shared/domain/lock';
import { openDatabase } from '../../src/shared/platform/open-database';
import { promptCacheDatabase, promptCacheDatabaseName } from '../../src/shared/platform/prompt-cache-database';
import { ChatSearch } from '../../src/library/chat-search.svelte';
import { openDataKey } from '../../src/lock/key-ring';
import { LateLock } from '../../src/lock/late-lock.svelte';
import { Lock } from '../../src/lock/lock.svelte';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { ConversationChannel } from '../../src/storage/conversation-channel';
import { PromptCache } from '../../src/storage/prompt-cache';
import { attachment, conversation, question, reference, whole } from '../fixtures/conversations';
import { lockRecord, newKey, openTab, rewrite, type LockedStore } from '../fixtures/locked-chats';

const endings: (() => void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) end();
  await deleteDB(chatsDatabaseName);
  await deleteDB(promptCacheDatabaseName);
});

const passphrase = 'heron river lantern copper';

interface Tab {
  readonly store: LockedStore;
  readonly lock: Lock;
  readonly reload: ReturnType<typeof vi.fn>;
}

function makeLock(store: LockedStore, reload: () => void, settle = (): Promise<void> => Promise.resolve()): Lock {
  const failed = (failure: unknown): never => expect.fail(JSON.stringify(failure));
  const isBusy = () => Promise.resolve(false);
  const sealCaches = (keyId: string | null) => new PromptCache().sealWith(keyId);
  const lock = new Lock({ storage: store.lock, settle, isBusy, reload, failed, sealCaches });
  endings.push(() => lock.close());
  return lock;
}

/** A page of the app, as far as the lock goes. */
function openPage(settle?: () => Promise<void>): Tab {
  const store = openTab();
  const reload = vi.fn();
  return { store, lock: makeLock(store, reload, settle), reload };
}

/** How the records of all tables lie in the database. */
async function forms(): Promise<{ sealed: number; plain: number; locks: number }> {
  const database = await openDB(chatsDatabaseName);
  const names = [...database.objectStoreNames].filter((name) => name !== 'lock');
  const all = (await Promise.all(names.map((name) => database.getAll(name)))).flat();
  const locks = await database.count('lock');
  database.close();
  const sealed = all.filter(isSealed).length;
  return { sealed, plain: all.length - sealed, locks };
}

async function fill(store: LockedStore, count: number): Promise<void> {
  await store.conversations.addMany(
    Array.from({ length: count }, (_, index) =>
      whole(`c${index}`, { attachments: index < 10 ? [attachment(`f${index}`, `c${index}`)] : [] }),
    ),
  );
  await store.drafts.write({ id: 'c1', text: 'half', attachmentIds: [], updatedAt: 1 });
}

const until = (condition: () => boolean): Promise<unknown> =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 10 });

describe('the lock', () => {
  it('is turned on, opened with its passphrase only, changed, and turned off', async () => {
    const { store, lock } = openPage();
    await lock.start();
    expect(lock.phase).toBe('off');
    await fill(store, 30);
    const before = await store.conversations.readWhole(['c1', 'c20']);
    expect(await lock.turnOn({ passphrase })).toEqual({ ok: true, value: null });
    await until(() => lock.phase === 'sealed');
    expect(await forms()).toEqual({ sealed: 30 * 3 + 11, plain: 0, locks: 1 });
    const record = store.lock.vault.record ?? lockRecord('sealed');
    expect(record.passphrase?.derivation).toEqual({ name: 'argon2id', memoryKib: 65_536, iterations: 3 });

    // The page that follows.
    const next = openPage();
    await next.store.lock.read();
    expect(next.store.lock.vault.isLocked).toBe(true);
    const wrong = await openDataKey(record, { passphrase: 'heron river lantern coppers' });
    expect(wrong).toMatchObject({ ok: false, failure: { kind: 'passphrase-wrong' } });
    const right = await openDataKey(record, { passphrase });
    if (!right.ok) return expect.fail(right.failure.kind);
    await expect(crypto.subtle.exportKey('raw', right.value)).rejects.toBeInstanceOf(Error);
    await next.store.lock.unlock(right.value, record.keyId);
    await next.lock.start();
    expect(next.reload).not.toHaveBeenCalled();
    const same = await next.store.conversations.readWhole(['c1', 'c20']);
    expect(same).toEqual(before);

    const sealedBefore = await rawMessages();
    expect(await next.lock.setPassphrase({ passphrase: 'not this one' }, 'x'.repeat(9))).toMatchObject({
      failure: { kind: 'passphrase-wrong' },
    });
    expect((await next.lock.setPassphrase({ passphrase }, 'another one entirely')).ok).toBe(true);
    expect(await rawMessages()).toEqual(sealedBefore);
    const changed = (await next.store.lock.read()) ?? record;
    expect((await openDataKey(changed, { passphrase })).ok).toBe(false);
    expect((await openDataKey(changed, { passphrase: 'another one entirely' })).ok).toBe(true);

    expect((await next.lock.turnOff()).ok).toBe(true);
    await until(() => next.lock.phase === 'off');
    expect(await forms()).toEqual({ sealed: 0, plain: 30 * 3 + 11, locks: 0 });
    const open = openTab();
    expect(await open.conversations.readWhole(['c1', 'c20'])).toEqual(before);
    expect(await (await open.attachments.read(['f3']))[0]?.text.text()).toBe('words of f3');
  });

  it('takes what models have read of chats along: nothing of it stays in the clear, nor under a key that is gone', async () => {
    const { lock, store } = openPage();
    const read = (keyId: string | null) => ({
      conversationId: 'c',
      modelKey: 'm',
      blockBytes: [1],
      usedAt: 0,
      revision: 'r',
      keyId,
      tokens: new Uint8Array(4),
    });
    const database = await openDatabase(promptCacheDatabase, { onBlocked: () => {}, onClosed: () => {} });
    const kept = async () => [await database.count('sequences'), (await database.get('rule', 'rule'))?.keyId];
    await database.put('sequences', read(null));
    await database.put('blocks', new Uint8Array(1), ['c', 'm', 0]);
    expect((await lock.turnOn({ passphrase })).ok).toBe(true);
    expect(await kept()).toEqual([0, store.lock.vault.record?.keyId]);
    expect(await database.count('blocks')).toBe(0);
    await until(() => lock.phase === 'sealed');
    await database.put('sequences', read(store.lock.vault.record?.keyId ?? ''));
    expect((await lock.turnOff()).ok).toBe(true);
    expect(await kept()).toEqual([0, null]);
    await until(() => lock.phase === 'off');
    database.close();
  });

  it('has parameters that were tampered with refused, not obeyed', async () => {
    const derivation = { name: 'argon2id', memoryKib: 60_000_000, iterations: 3 } as const;
    const wrapped = { iv: new Uint8Array(12), bytes: new Uint8Array(48) };
    const record = { ...lockRecord('sealed'), passphrase: { salt: new Uint8Array(16), derivation, wrapped } };
    expect(await openDataKey(record, { passphrase })).toMatchObject({ failure: { kind: 'lock-damaged' } });
  });
});

describe.each(['sealing', 'opening'] as const)('killed while %s', (phase) => {
  it.each([0, 1, 2, 4])(
    'after %i batches, it goes on from there; both forms can be read and written',
    async (batches) => {
      const key = await newKey();
      const first = openTab();
      await first.lock.unlock(key, 'key');
      await fill(first, 150);
      if (phase === 'opening') {
        await first.lock.change(() => lockRecord('sealing'));
        await rewrite(first);
      }
      await first.lock.change((stored) => ({ ...(stored ?? lockRecord(phase)), phase, position: null }));
      expect(await rewrite(first, batches)).toBe(batches);
      // The page is gone; another comes, with the key.
      const second = openTab();
      await second.lock.unlock(key, 'key');
      expect((await second.lock.read())?.phase).toBe(phase);
      expect((await second.conversations.list()).length).toBe(150);
      expect((await second.conversations.read('c149'))?.messages).toHaveLength(2);
      await second.conversations.write(conversation('new'), [question('new-q', 'new')]);
      await second.conversations.patch('c0', () => ({ title: 'Changed in between' }));
      await rewrite(second);
      const { sealed, plain, locks } = await forms();
      const all = 150 * 3 + 11 + 2;
      expect({ sealed, plain, locks }).toEqual(
        phase === 'sealing' ? { sealed: all, plain: 0, locks: 1 } : { sealed: 0, plain: all, locks: 0 },
      );
      expect((await second.conversations.headers(['c0']))[0]?.title).toBe('Changed in between');
      expect((await second.conversations.read('new'))?.messages).toHaveLength(1);
    },
  );
});

it('a file that the browser can no longer read keeps nothing else in the clear', async () => {
  const { store, lock } = openPage();
  await fill(store, 12);
  const { arrayBuffer } = Blob.prototype;
  const lost = await (await store.attachments.read(['f3']))[0]?.text.text();
  vi.spyOn(Blob.prototype, 'arrayBuffer').mockImplementation(async function (this: Blob) {
    const bytes = await arrayBuffer.call(this);
    if (new TextDecoder().decode(bytes) === lost) throw new DOMException('gone', 'NotReadableError');
    return bytes;
  });
  await lock.turnOn({ passphrase });
  await until(() => lock.phase === 'sealed');
  vi.restoreAllMocks();
  expect(await forms()).toMatchObject({ plain: 0 });
  const [other, gone] = await Promise.all(
    ['f4', 'f3'].map(async (id) => (await store.attachments.read([id]))[0]?.text.text()),
  );
  expect([other, gone]).toEqual(['words of f4', '']);
});

describe('another tab', () => {
  it('goes on with the key that it is sent, and never writes in the clear', async () => {
    const one = openPage();
    const other = openPage();
    await fill(one.store, 5);
    let plainWrites = 0;
    let writing = true;
    const writer = (async () => {
      for (let index = 0; writing; index += 1) {
        await other.store.conversations.patch('c1', () => ({ title: `Title ${index}` }));
        if (other.store.lock.vault.record === null) plainWrites += 1;
      }
    })();
    await until(() => plainWrites > 3);
    expect((await one.lock.turnOn({ passphrase })).ok).toBe(true);
    await until(() => one.lock.phase === 'sealed' && other.lock.phase === 'sealed');
    writing = false;
    await writer;
    expect(await forms()).toMatchObject({ plain: 0 });
    expect(other.reload).not.toHaveBeenCalled();
    expect((await other.store.conversations.list()).length).toBe(5);
  });

  it('that never hears of it writes nothing in the clear, either', async () => {
    const deaf = openTab();
    await fill(deaf, 3);
    const one = openPage();
    await one.lock.turnOn({ passphrase });
    await until(() => one.lock.phase === 'sealed');
    const locked = { failure: { kind: 'storage-locked' } };
    await expect(deaf.conversations.write(conversation('x'), [])).rejects.toMatchObject(locked);
    await expect(deaf.conversations.list()).rejects.toMatchObject(locked);
    expect(await forms()).toMatchObject({ plain: 0 });
  });

  it('with the key of an earlier lock seals nothing with it', async () => {
    const old = openTab();
    await old.lock.unlock(await newKey(), 'old');
    await old.lock.change(() => lockRecord('sealed', 'old'));
    const fresh = openTab();
    await fresh.lock.change(() => lockRecord('sealed', 'fresh'));
    await old.lock.read();
    expect(old.lock.vault.isLocked).toBe(true);
    await expect(old.conversations.write(conversation('x'), [])).rejects.toMatchObject({
      failure: { kind: 'storage-locked' },
    });
  });

  it('is locked with the first, and what is in hand is stored before', async () => {
    const settled: string[] = [];
    const settle = (name: string) => async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      settled.push(name);
    };
    const one = openPage(settle('one'));
    const other = openPage(settle('other'));
    one.reload.mockImplementation(() => settled.push('one left'));
    await one.lock.turnOn({ passphrase });
    await until(() => one.lock.phase === 'sealed' && other.lock.phase === 'sealed');
    await one.lock.lockNow();
    await until(() => other.reload.mock.calls.length === 1);
    expect(settled.indexOf('one')).toBeLessThan(settled.indexOf('one left'));
    expect(settled).toContain('other');
  });
});

describe('a page that has not loaded the lock', () => {
  /** @param first fails at the first time, as where the network is gone */
  function openLatePage(first = (): Promise<void> => Promise.resolve()) {
    const store = openTab();
    const reload = vi.fn();
    let times = 0;
    const late = new LateLock(store.lock, async () => {
      times += 1;
      if (times === 1) await first();
      return makeLock(store, reload);
    });
    return { store, reload, late, times: () => times };
  }

  it('does not load it while there is none, and once when it is asked for', async () => {
    const { late, times } = openLatePage();
    late.watch();
    // Time for what must not happen.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(times()).toBe(0);
    late.load();
    late.load();
    await until(() => late.value !== null);
    expect([times(), late.value?.phase]).toEqual([1, 'off']);
  });

  it('loads it when another tab turns one on, has the key, and follows from there', async () => {
    const one = openPage();
    await fill(one.store, 3);
    const { late, store, reload } = openLatePage();
    late.watch();
    expect((await one.lock.turnOn({ passphrase })).ok).toBe(true);
    await until(() => late.value?.phase === 'sealed');
    expect((await store.conversations.list()).length).toBe(3);
    expect(reload).not.toHaveBeenCalled();
    await one.lock.lockNow();
    await until(() => reload.mock.calls.length > 0);
  });

  it('is locked, and tries again, when it could not be loaded at first', async () => {
    const one = openPage();
    const { late, reload, times } = openLatePage(() => Promise.reject(new TypeError('Failed to fetch')));
    late.watch();
    await one.lock.turnOn({ passphrase });
    await until(() => times() > 1 && late.value !== null);
    await one.lock.lockNow();
    await until(() => reload.mock.calls.length > 0);
  });

  it('hears of a lock that was turned on before it watched', async () => {
    const { late, store, reload } = openLatePage();
    await store.lock.read();
    const one = openPage();
    await one.lock.turnOn({ passphrase });
    late.watch();
    // It has no key: what follows is the unlock screen.
    await until(() => reload.mock.calls.length > 0);
  });
});

it('the search finds sealed chats, follows the lock, and cannot without the key', async () => {
  const channel = new ConversationChannel();
  const { store, lock } = openPage();
  await fill(store, 3);
  const search = new ChatSearch(store);
  endings.push(() => {
    search.close();
    channel.close();
  });
  const found = async (query: string, among = search): Promise<number> => {
    await until(() => among.state !== 'building');
    among.search('');
    among.search(query);
    await until(() => among.hits !== null);
    return among.total;
  };
  expect(await found('answer')).toBe(3);
  await lock.turnOn({ passphrase });
  await until(() => lock.phase === 'sealed');
  await store.conversations.patch('c1', () => ({ title: 'Pelican' }));
  channel.announce('c1');
  await vi.waitUntil(async () => (await found('pelican')) === 1, { timeout: 5000 });
  expect(search.hits?.[0]?.title).toEqual([{ text: 'Pelican', marked: true }]);
  const file = attachment('f', 'c9', 'an ibis');
  await store.conversations.addMany([
    whole('c9', { messages: [question('q9', 'c9', { attachments: [reference(file)] })], attachments: [file] }),
  ]);
  const fresh = new ChatSearch(store);
  endings.push(() => fresh.close());
  expect([await found('pelican', fresh), await found('ibis', fresh)]).toEqual([1, 1]);
  const stranger = new ChatSearch(openTab());
  endings.push(() => stranger.close());
  expect(await found('pelican', stranger)).toBe(0);
});

async function rawMessages(): Promise<unknown> {
  const database = await openDB(chatsDatabaseName);
  const all = (await database.getAll('messages')) as unknown;
  database.close();
  return all;
}

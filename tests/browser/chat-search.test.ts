/** The search with its real worker, on the real database, while chats come, change and go. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChatSearch } from '../../src/library/chat-search.svelte';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { inMemory } from '../../src/storage/chats-in-memory';
import type { ChatsStore } from '../../src/storage/chats-store';
import { openChats } from '../../src/storage/open-chats';
import { ConversationChannel } from '../../src/storage/conversation-channel';
import { answer, attachment, conversation, question, reference, whole } from '../fixtures/conversations';

const searches: ChatSearch[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const search of searches.splice(0)) search.close();
  await deleteDB(chatsDatabaseName);
});

function searchIn(store: ChatsStore): ChatSearch {
  const search = new ChatSearch(store);
  searches.push(search);
  return search;
}

async function found(search: ChatSearch, query: string): Promise<string[]> {
  await vi.waitUntil(() => search.state !== 'building', { timeout: 10_000 });
  search.search('');
  search.search(query);
  await vi.waitUntil(() => search.hits !== null, { timeout: 5000 });
  return (search.hits ?? []).map(({ conversationId }) => conversationId).sort();
}

describe.each([
  ['in the database', openChats],
  ['in memory', (): Promise<ChatsStore> => Promise.resolve(inMemory())],
])('chats %s', (_name, open) => {
  it('are found by title and content, and shown with the words marked as data', async () => {
    const store = await open();
    await store.conversations.addMany([
      whole('plane', { conversation: conversation('plane', { title: 'On a <b>plane</b>' }) }),
      whole('bread', {
        messages: [
          question('q', 'bread', { text: 'How do I feed it?' }),
          answer('r', 'bread', 'q', { text: `${'Some words before. '.repeat(20)}Use <i>wholemeal</i> flour, always.` }),
        ],
      }),
      whole('chinese', { messages: [question('z', 'chinese', { text: '没有网络的时候怎么用？' })] }),
    ]);
    const search = searchIn(store);
    expect(await found(search, 'wholemeal')).toEqual(['bread']);
    expect(search.hits?.[0]?.place?.snippet?.filter(({ marked }) => marked)).toEqual([
      { text: 'wholemeal', marked: true },
    ]);
    expect(search.hits?.[0]?.place?.snippet?.map(({ text }) => text).join('')).toContain('<i>wholemeal</i>');
    expect(await found(search, 'plane')).toEqual(['plane']);
    expect(search.hits?.[0]?.title).toEqual([
      { text: 'On a <b>', marked: false },
      { text: 'plane', marked: true },
      { text: '</b>', marked: false },
    ]);
    expect(await found(search, '网络')).toEqual(['chinese']);
    expect(await found(search, 'no such thing')).toEqual([]);
    expect(search.total).toBe(0);
  });
});

describe.each([
  ['in the database', openChats],
  ['in memory', (): Promise<ChatsStore> => Promise.resolve(inMemory())],
])('a hit %s', (_name, open) => {
  const versions = [
    question('q1', 'c', { text: 'Tell me about apricots', createdAt: 1 }),
    answer('a1', 'c', 'q1', { text: 'They are orange.', createdAt: 2 }),
    question('q2', 'c', { text: 'Tell me about plums', createdAt: 3 }),
    answer('a2', 'c', 'q2', { text: 'They are blue, not orange.', createdAt: 4 }),
  ];

  it('names the message that has the word, also where it is an earlier version', async () => {
    const store = await open();
    const shown = conversation('c', { activeLeafId: 'a2' });
    await store.conversations.addMany([whole('c', { conversation: shown, messages: versions })]);
    const search = searchIn(store);
    const place = async (query: string): Promise<string | undefined> => {
      await found(search, query);
      return search.hits?.[0]?.place?.messageId;
    };
    expect(await place('apricots')).toBe('q1');
    expect(await place('plums')).toBe('q2');
    // Both versions have it: nobody is led away from the one that is shown.
    expect(await place('orange')).toBe('a2');
    // Both have one of the words, one has both.
    expect(await place('orange blue')).toBe('a2');
    expect(await place('tell apricots')).toBe('q1');
  });

  it('may be in a file, and names the message that it goes with', async () => {
    const store = await open();
    const file = {
      ...attachment('f', 'c', `${'rows and rows\n'.repeat(500)}a heron at the end`),
      name: 'birds of the lake.csv',
    };
    const asked = question('q', 'c', { attachments: [reference(file)] });
    await store.conversations.addMany([
      whole('c', { conversation: conversation('c', { activeLeafId: 'q' }), messages: [asked], attachments: [file] }),
      whole('other'),
    ]);
    const search = searchIn(store);
    expect(await found(search, 'heron')).toEqual(['c']);
    expect(search.hits?.[0]?.place).toMatchObject({ messageId: 'q', fileName: 'birds of the lake.csv' });
    expect(search.hits?.[0]?.place?.snippet.find(({ marked }) => marked)?.text).toBe('heron');
    expect(await found(search, 'lake')).toEqual(['c']);
  });
});

describe('the index', () => {
  it('follows what another tab, or this one, writes and deletes', async () => {
    const store = await openChats();
    const channel = new ConversationChannel();
    await store.conversations.addMany([whole('a'), whole('b')]);
    const search = searchIn(store);
    expect(await found(search, 'answer')).toEqual(['a', 'b']);
    await store.conversations.patch('a', () => ({ title: 'Renamed thoroughly' }));
    await store.conversations.remove(['b']);
    await store.conversations.addMany([whole('c')]);
    channel.announce('a', 'b', 'c');
    await vi.waitUntil(async () => (await found(search, 'thoroughly')).length === 1, { timeout: 5000 });
    expect(await found(search, 'answer')).toEqual(['a', 'c']);
    channel.close();
  });

  it('can be asked while it is being built, and says how far it is', async () => {
    const store = await openChats();
    await store.conversations.addMany(Array.from({ length: 1500 }, (_, index) => whole(`c${index}`)));
    const search = searchIn(store);
    search.search('answer');
    const seen = new Set<string>();
    await vi.waitUntil(
      () => {
        seen.add(`${search.state} ${search.fraction > 0 && search.fraction <= 1}`);
        return search.state === 'ready' && search.total === 1500;
      },
      { timeout: 20_000, interval: 5 },
    );
    expect([...seen].some((state) => state.startsWith('building'))).toBe(true);
    expect(search.hits).toHaveLength(30);
  });

  it('reads a conversation of thousands of messages beside small ones', async () => {
    const store = await openChats();
    const messages = Array.from({ length: 5000 }, (_, index) =>
      question(`m${index}`, 'large', { text: `number${index}` }),
    );
    await store.conversations.addMany([whole('a'), whole('large', { messages }), whole('z')]);
    const search = searchIn(store);
    expect(await found(search, 'number4999')).toContain('large');
    expect(await found(search, 'answer')).toEqual(['a', 'z']);
  });

  it('of a database that is not there says that it cannot, and makes none', async () => {
    const store = await openChats();
    await store.conversations.list();
    await deleteDB(chatsDatabaseName);
    const search = searchIn(store);
    await vi.waitUntil(() => search.state === 'failed', { timeout: 5000 });
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(chatsDatabaseName);
  });

  it('leaves nothing on disk, and lets the database be deleted', async () => {
    const store = await openChats();
    await store.conversations.addMany([whole('a')]);
    const before = (await indexedDB.databases()).length;
    const search = searchIn(store);
    expect(await found(search, 'answer')).toEqual(['a']);
    expect((await indexedDB.databases()).length).toBe(before);
    expect(await caches.keys()).toEqual([]);
    await deleteDB(chatsDatabaseName);
    await store.conversations.addMany([whole('b')]);
    const channel = new ConversationChannel();
    channel.announce('a', 'b');
    await vi.waitUntil(async () => (await found(search, 'answer')).join() === 'b', { timeout: 5000 });
    channel.close();
  });
});

/** The chats' repositories, on IndexedDB for real and in memory: what is written is there, and both behave the same. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newChat, type Draft } from '../../src/shared/domain/draft';
import { ChatsConnection } from '../../src/storage/chats-connection';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { inMemory } from '../../src/storage/chats-in-memory';
import { ChatsStore } from '../../src/storage/chats-store';
import { DraftKeeper } from '../../src/storage/draft-keeper';
import { IndexedDbTables } from '../../src/storage/indexed-db-tables';
import { answer, attachment, conversation, question, reference, whole } from '../fixtures/conversations';

afterEach(async () => {
  vi.useRealTimers();
  await deleteDB(chatsDatabaseName);
});

function onDisk(): ChatsStore {
  const connection = new ChatsConnection();
  return new ChatsStore(new IndexedDbTables(connection), true, () => connection.whenOpen());
}

const draft = (id: string, text = 'half a question'): Draft => ({ id, text, attachmentIds: [], updatedAt: 1 });

describe.each([
  ['IndexedDB', onDisk],
  ['memory', inMemory],
])('in %s', (_name, create) => {
  describe('conversations', () => {
    it('are read as they were written, newest first', async () => {
      const { conversations } = create();
      await conversations.write(conversation('a', { updatedAt: 1 }), [question('q', 'a'), answer('r', 'a', 'q')]);
      await conversations.write(conversation('b', { updatedAt: 2 }), []);
      expect((await conversations.list()).map(({ id }) => id)).toEqual(['b', 'a']);
      expect((await conversations.read('a'))?.messages).toEqual([question('q', 'a'), answer('r', 'a', 'q')]);
      expect(await conversations.read('gone')).toBeNull();
      expect(await conversations.headers(['gone', 'a'])).toEqual([conversation('a', { updatedAt: 1 })]);
    });

    it('stand in front when they are pinned, and not when they are archived', async () => {
      const { conversations } = create();
      const times = { old: 1, archived: 4, newer: 2, newest: 3 };
      for (const [id, updatedAt] of Object.entries(times))
        await conversations.write(conversation(id, { updatedAt }), []);
      await conversations.patch('old', () => ({ pinned: true }));
      await conversations.patch('archived', () => ({ archived: true }));
      expect((await conversations.front(1)).map(({ id }) => id)).toEqual(['old', 'newest']);
      await conversations.patch('old', () => ({ pinned: false }));
      expect((await conversations.front(1)).map(({ id }) => id)).toEqual(['newest']);
      expect((await conversations.read('old'))?.conversation).toEqual(conversation('old', { pinned: false }));
    });

    it('are deleted with all that is theirs, and come back by undo', async () => {
      const { conversations, attachments, drafts } = create();
      const file = attachment('f', 'a');
      await conversations.write(conversation('a'), [question('q', 'a', { attachments: [reference(file)] })], [file]);
      await conversations.write(conversation('b'), [question('p', 'b')], [attachment('g', 'b')]);
      await drafts.write(draft('a'));
      const removed = await conversations.remove(['a', 'gone']);
      expect(await conversations.read('a')).toBeNull();
      expect(await attachments.read(['f', 'g'])).toHaveLength(1);
      expect(await drafts.list()).toEqual([]);
      expect((await conversations.read('b'))?.messages).toHaveLength(1);
      expect(await conversations.addMany(removed)).toEqual({ conversations: 1, messages: 1 });
      expect((await conversations.read('a'))?.messages).toEqual([
        question('q', 'a', { attachments: [reference(file)] }),
      ]);
      const [restored] = await attachments.read(['f']);
      expect(await restored?.file.text()).toBe('words of f');
      expect(await drafts.read('a')).toEqual(draft('a'));
    });

    it('are not brought back by an answer that was still being written', async () => {
      const { conversations } = create();
      await conversations.write(conversation('a'), [question('q', 'a')]);
      await conversations.remove(['a']);
      await conversations.writeMessage(answer('r', 'a', 'q'));
      expect(await conversations.patch('a', () => ({ title: 'x' }), [answer('r', 'a', 'q')])).toBeNull();
      await conversations.write(conversation('a'), []);
      expect((await conversations.read('a'))?.messages).toEqual([]);
    });

    it('keep what others have changed meanwhile', async () => {
      const { conversations } = create();
      await conversations.write(conversation('a'), []);
      await Promise.all([
        conversations.patch('a', () => ({ title: 'renamed' })),
        conversations.patch('a', ({ tags = [] }) => ({ tags: [...tags, 'one'] })),
        conversations.patch('a', ({ tags = [] }) => ({ tags: [...tags, 'two'] })),
        conversations.patch('a', () => null),
      ]);
      const { conversation: stored } = (await conversations.read('a')) ?? {};
      expect(stored).toMatchObject({ title: 'renamed', tags: ['one', 'two'] });
    });

    it('lose attachments with the last message that has them', async () => {
      const { conversations, attachments } = create();
      const shared = attachment('shared', 'a');
      const own = attachment('own', 'a');
      const messages = [
        question('q', 'a', { attachments: [reference(shared)] }),
        question('p', 'a', { attachments: [reference(shared), reference(own)] }),
      ];
      await conversations.write(conversation('a'), messages, [shared, own]);
      const first = await conversations.rework('a', () => ({ drop: ['p'], fields: { activeLeafId: 'q' } }));
      expect(first?.conversation.activeLeafId).toBe('q');
      expect(first?.dropped.messages).toEqual([messages[1]]);
      expect(first?.dropped.attachments.map(({ id }) => id)).toEqual(['own']);
      expect((await attachments.of('a')).map(({ id }) => id)).toEqual(['shared']);
      await conversations.rework('a', () => ({ drop: ['q'] }));
      expect(await attachments.of('a')).toEqual([]);
    });

    it('are added without overwriting anything', async () => {
      const { conversations } = create();
      await conversations.addMany([whole('a'), whole('b')]);
      await conversations.patch('a', () => ({ title: 'mine' }));
      const more = whole('a', {
        conversation: conversation('a', { title: 'theirs' }),
        messages: [question('a-q', 'a', { text: 'theirs' }), answer('a-b', 'a', 'a-q')],
      });
      // A file may name a message that belongs to another conversation here.
      const thief = whole('c', { messages: [question('b-q', 'c', { text: 'stolen' })] });
      expect(
        await conversations.missing([
          { id: 'a', messageIds: ['a-q', 'a-b'] },
          { id: 'c', messageIds: [] },
        ]),
      ).toEqual([1, null]);
      expect(await conversations.addMany([more, thief])).toEqual({ conversations: 1, messages: 1 });
      const record = await conversations.read('a');
      expect(record?.conversation.title).toBe('mine');
      expect(record?.messages.map(({ id, text }) => [id, text]).sort()).toEqual([
        ['a-a', 'an answer'],
        ['a-b', 'an answer'],
        ['a-q', 'text of a-q'],
      ]);
      expect((await conversations.read('b'))?.messages.find(({ id }) => id === 'b-q')?.text).toBe('text of b-q');
      expect(await conversations.addMany([more, thief])).toEqual({ conversations: 0, messages: 0 });
    });

    it('are added by the thousand', async () => {
      const { conversations } = create();
      const many = Array.from({ length: 350 }, (_, index) => whole(`c${index}`));
      const large = Array.from({ length: 2500 }, (_, index) => question(`m${index}`, 'large'));
      const counts = await conversations.addMany([...many, whole('large', { messages: large })]);
      expect(counts).toEqual({ conversations: 351, messages: 3200 });
      expect(await conversations.readWhole(['c1', 'none', 'c349'])).toHaveLength(2);
    });
  });

  describe('other records', () => {
    it('are written, listed, added once, and deleted with a way back', async () => {
      const { personas } = create();
      const persona = { id: 'p', name: 'Terse', icon: '✂️', settings: {}, createdAt: 1, updatedAt: 1 };
      await personas.write(persona);
      expect(
        await personas.add([
          { ...persona, name: 'other' },
          { ...persona, id: 'r' },
        ]),
      ).toBe(1);
      expect(await personas.list()).toEqual([persona, { ...persona, id: 'r' }]);
      expect(await personas.remove('p')).toEqual(persona);
      expect(await personas.remove('p')).toBeNull();
      expect(await personas.read('p')).toBeNull();
    });

    it('defaults are empty until something is set', async () => {
      const { defaults } = create();
      expect(await defaults.read()).toEqual({});
      await defaults.write({ systemPrompt: 'Be brief.', sampling: { temperature: 0.2 } });
      expect(await defaults.read()).toEqual({ systemPrompt: 'Be brief.', sampling: { temperature: 0.2 } });
    });

    it('attachments wait for a conversation under the new chat', async () => {
      const { attachments, conversations } = create();
      const waiting = attachment('f', newChat);
      await attachments.write([waiting, attachment('g', newChat)]);
      await attachments.remove(['g']);
      expect((await attachments.of(newChat)).map(({ id }) => id)).toEqual(['f']);
      await conversations.write(conversation('a'), [], [{ ...waiting, conversationId: 'a' }]);
      expect(await attachments.of(newChat)).toEqual([]);
      expect(await attachments.of('a')).toHaveLength(1);
    });
  });

  describe('drafts', () => {
    const keeperOf = ({ drafts }: ChatsStore) => {
      const told: (string | null)[] = [];
      const keeper = new DraftKeeper(drafts, {
        changed: (_, changed) => told.push(changed?.text ?? null),
        failed: (failure) => told.push(failure.kind),
      });
      return { keeper, told };
    };

    it('are on disk a moment after the last key, and at once when the page goes', async () => {
      const store = create();
      const { keeper, told } = keeperOf(store);
      keeper.put(draft('a', 'h'));
      keeper.put(draft('a', 'hel'));
      keeper.put(draft(newChat, 'new'));
      expect(await store.drafts.list()).toEqual([]);
      await keeper.flush();
      const stored = (await store.drafts.list()).map(({ id, text }) => [id, text]).sort();
      expect(stored).toEqual([
        [newChat, 'new'],
        ['a', 'hel'],
      ]);
      keeper.put(draft('a', 'hello'));
      await vi.waitUntil(async () => (await store.drafts.read('a'))?.text === 'hello', { timeout: 3000 });
      keeper.put(draft('a', '  '));
      expect(await keeper.read('a')).toBeNull();
      expect(told).toEqual(['h', 'hel', 'new', 'hello', null]);
    });

    it('that cannot be written are told of, and the next one is written', async () => {
      const store = create();
      const { keeper, told } = keeperOf(store);
      const refusal = vi.spyOn(store.drafts, 'write').mockRejectedValueOnce(new Error('no'));
      keeper.put(draft('a'));
      await keeper.flush();
      refusal.mockRestore();
      keeper.put(draft('a', 'again'));
      await keeper.flush();
      expect(told).toEqual(['half a question', 'storage-unavailable', 'again']);
      expect((await store.drafts.read('a'))?.text).toBe('again');
    });
  });
});

/** What a person does to a conversation besides asking, on the real database: delete, undo, fork, edit, and drafts. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withConversationLock } from '../../src/chat/conversation-lock';
import { ChatSession } from '../../src/chat/chat-session.svelte';
import { SessionPool } from '../../src/chat/session-pool.svelte';
import { versionsOf } from '../../src/chat/version-index';
import type { Conversation, Message } from '../../src/shared/domain/conversation';
import { newChat } from '../../src/shared/domain/draft';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { openChats } from '../../src/storage/open-chats';
import { DraftKeeper } from '../../src/storage/draft-keeper';
import { attachment, question, reference, answer, conversation } from '../fixtures/conversations';
import { endScriptedEngines, saying, scriptedSession } from '../fixtures/scripted-session';

afterEach(async () => {
  vi.restoreAllMocks();
  endScriptedEngines();
  await deleteDB(chatsDatabaseName);
});

const texts = (path: readonly Message[]): string[] => path.map(({ text }) => text);
const idAt = (session: ChatSession, index: number): string => session.path.at(index)?.id ?? '';

describe('deleting from here', () => {
  it('takes the message and all below it, moves the shown end, and comes back', async () => {
    const told: Conversation[] = [];
    const { session, parts } = scriptedSession(saying('one', 'two', 'three'), {
      changed: (changed) => told.push(changed),
    });
    await session.send('first');
    await session.send('second');
    await session.regenerate(idAt(session, 3));
    const before = texts(session.path);
    expect(before).toEqual(['first', 'one', 'second', 'three']);
    const undo = await session.deleteFrom(idAt(session, 2));
    expect(texts(session.path)).toEqual(['first', 'one']);
    const elsewhere = new ChatSession(parts);
    await elsewhere.open(session.conversationId ?? '');
    expect(texts(elsewhere.path)).toEqual(['first', 'one']);
    await undo?.();
    expect(texts(session.path)).toEqual(before);
    expect(versionsOf(session.messages).placeOf(idAt(session, 3))).toEqual({ index: 2, count: 2 });
    expect(told.at(-1)?.activeLeafId).toBe(idAt(session, 3));
  });

  it('of one version shows the other', async () => {
    const { session } = scriptedSession(saying('one', 'two'));
    await session.send('Q');
    await session.regenerate(idAt(session, 1));
    await session.deleteFrom(idAt(session, 1));
    expect(texts(session.path)).toEqual(['Q', 'one']);
    await session.deleteFrom(idAt(session, 0));
    expect(session.path).toEqual([]);
    expect(session.missing).toBe(false);
  });

  it('takes files along, and brings them back', async () => {
    const { session, repository } = scriptedSession(saying('x'));
    const file = attachment('f', 'c');
    await repository.write(
      conversation('c', { activeLeafId: 'r' }),
      [question('q', 'c', { attachments: [reference(file)] }), answer('r', 'c', 'q')],
      [file],
    );
    await session.open('c');
    const undo = await session.deleteFrom('q');
    expect((await repository.readWhole(['c']))[0]?.attachments).toEqual([]);
    await undo?.();
    const [back] = (await repository.readWhole(['c']))[0]?.attachments ?? [];
    expect(await back?.text.text()).toBe('words of f');
  });

  it('waits for nobody: while another tab writes, it says so and changes nothing', async () => {
    const { session, repository } = scriptedSession(saying('one'));
    await session.send('Q');
    const id = session.conversationId ?? '';
    await withConversationLock(id, async () => expect(await session.deleteFrom(idAt(session, 0))).toBeNull());
    expect(session.failure?.kind).toBe('conversation-busy');
    expect((await repository.read(id))?.messages).toHaveLength(2);
  });

  it('that cannot be stored says why, and changes nothing', async () => {
    const { session } = scriptedSession(saying('one'));
    await session.send('Q');
    vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(await session.deleteFrom(idAt(session, 1))).toBeNull();
    expect(session.failure?.kind).toBe('storage-full');
    vi.restoreAllMocks();
    await session.refresh();
    expect(texts(session.path)).toEqual(['Q', 'one']);
  });
});

describe('forking', () => {
  it('copies the branch, its files and settings, and leaves the original alone', async () => {
    const { session, repository, parts } = scriptedSession(saying('one', 'two', 'three'));
    const file = attachment('f', 'c');
    await repository.write(
      conversation('c', { activeLeafId: 'r', tags: ['t'], pinned: true, settings: { systemPrompt: 'Be brief.' } }),
      [
        question('q', 'c', { attachments: [reference(file)] }),
        answer('other', 'c', 'q', { text: 'another version' }),
        answer('r', 'c', 'q'),
        question('p', 'c', { parentId: 'r' }),
      ],
      [file],
    );
    await session.open('c');
    const copyId = await session.fork('r');
    const [copy, original] = await repository.readWhole([copyId ?? '', 'c']);
    expect(copy?.conversation).toMatchObject({
      tags: ['t'],
      settings: { systemPrompt: 'Be brief.' },
      title: 'Title c (fork)',
    });
    expect(copy?.conversation.pinned).toBeUndefined();
    expect(copy?.messages).toHaveLength(2);
    expect(copy?.attachments).toHaveLength(1);
    const ids = new Set([...(copy?.messages ?? []), ...(copy?.attachments ?? [])].map(({ id }) => id));
    for (const old of ['q', 'r', 'f']) expect(ids.has(old)).toBe(false);
    expect(original?.messages).toHaveLength(4);
    const opened = new ChatSession(parts);
    await opened.open(copyId ?? '');
    expect(texts(opened.path)).toEqual(['text of q', 'an answer']);
    const [asked] = opened.path;
    expect(asked?.role === 'user' && asked.attachments?.[0]?.id).toBe(copy?.attachments[0]?.id);
    expect(await session.fork('gone')).toBeNull();
  });
});

describe('editing an answer', () => {
  it('keeps it in its place, marks it, and can be undone', async () => {
    const { session } = scriptedSession(saying('one', 'two'));
    await session.send('Q');
    await session.send('R');
    const undo = await session.editAnswer(idAt(session, 1), 'mended');
    expect(texts(session.path)).toEqual(['Q', 'mended', 'R', 'two']);
    expect(session.path[1]).toMatchObject({ edited: true });
    await undo?.();
    expect(session.path[1]).not.toHaveProperty('edited');
    expect(texts(session.path)[1]).toBe('one');
    expect(await session.editAnswer(idAt(session, 0), 'no answer')).toBeNull();
  });
});

describe('what others change meanwhile', () => {
  it('a new title survives the next question, and a deleted chat is not half written anew', async () => {
    const { session, repository } = scriptedSession(saying('one', 'two', 'three'));
    await session.send('Q');
    const id = session.conversationId ?? '';
    await repository.patch(id, () => ({ title: 'Named elsewhere', tags: ['t'] }));
    await session.send('R');
    expect((await repository.read(id))?.conversation).toMatchObject({ title: 'Named elsewhere', tags: ['t'] });
    await repository.remove([id]);
    session.draft = 'S';
    await session.send('S');
    expect(session.failure).toMatchObject({ kind: 'conversation-gone' });
    expect(session.draft).toBe('S');
    expect(texts(session.path)).toEqual(['Q', 'one', 'R', 'two']);
    expect(await repository.list()).toEqual([]);
  });
});

describe('drafts', () => {
  async function pool() {
    const store = await openChats();
    const drafts = new DraftKeeper(store.drafts, {
      changed: () => {},
      failed: (failure) => expect(failure).toBeNull(),
    });
    const { parts } = scriptedSession(saying('one', 'two'), { drafts, attachments: store.attachments });
    return { store, sessions: new SessionPool(parts) };
  }

  it('of each conversation and of the new chat are there again after a reload', async () => {
    const { store, sessions } = await pool();
    await store.conversations.addMany([
      { conversation: conversation('c'), messages: [], attachments: [], draft: null },
    ]);
    sessions.show(null);
    sessions.current.draft = 'for the new one';
    sessions.show('c');
    await expect.poll(() => !sessions.current.opening).toBe(true);
    sessions.current.draft = 'for c';
    void sessions.flush();
    const { sessions: later } = await pool();
    later.show('c');
    await vi.waitUntil(() => later.current.draft === 'for c', { timeout: 5000 });
    later.show(null);
    await vi.waitUntil(() => later.current.draft === 'for the new one', { timeout: 5000 });
  });

  it('are gone when they are sent, and only then', async () => {
    const { store, sessions } = await pool();
    sessions.show(null);
    const session = sessions.current;
    session.draft = 'Q';
    await session.send('Q');
    sessions.flush();
    expect(session.draft).toBe('');
    session.draft = 'next';
    await session.regenerate(idAt(session, 1));
    expect(session.draft).toBe('next');
    await vi.waitUntil(async () => (await store.drafts.list()).length === 1, { timeout: 5000 });
    expect((await store.drafts.list())[0]).toMatchObject({ id: session.conversationId, text: 'next' });
    expect(await store.drafts.read(newChat)).toBeNull();
  });

  it('keep their files, and questions that waited for an answer', async () => {
    const { store, sessions } = await pool();
    sessions.show(null);
    const { files, queue } = sessions.current;
    const gone = files.addText('not this one', 'b.txt');
    const kept = files.addText('some text', 'a.txt');
    files.remove(gone.id);
    queue.add('It waited');
    sessions.current.draft = 'typed';
    sessions.flush();
    const { sessions: later } = await pool();
    later.show(null);
    await vi.waitUntil(() => later.current.files.ready.length > 0, { timeout: 5000 });
    expect(later.current.draft).toBe('It waited\n\ntyped');
    expect(later.current.files.ready.map(({ id, name, text }) => [id, name, text])).toEqual([
      [kept.id, 'a.txt', 'some text'],
    ]);

    await later.current.send(later.current.draft);
    const id = later.current.conversationId ?? '';
    expect((await store.attachments.of(id)).map((attachment) => attachment.id)).toEqual([kept.id]);
    expect(await store.attachments.of(newChat)).toEqual([]);
    expect(later.current.nothingInHand).toBe(true);
  });

  it('go with a deleted conversation and come back with it', async () => {
    const { store, sessions } = await pool();
    await store.conversations.addMany([
      { conversation: conversation('c'), messages: [], attachments: [], draft: null },
    ]);
    sessions.show('c');
    await expect.poll(() => !sessions.current.opening).toBe(true);
    sessions.current.draft = 'half a thought';
    await sessions.close('c');
    const removed = await store.conversations.remove(['c']);
    expect(removed[0]?.draft?.text).toBe('half a thought');
    expect(await store.drafts.list()).toEqual([]);
  });
});

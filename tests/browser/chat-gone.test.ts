/** A conversation that is on the screen and no longer in the store: nothing of it is lost, and none of it half written. */
import { deleteDB, unwrap } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatSession } from '../../src/chat/chat-session.svelte';
import { SessionPool } from '../../src/chat/session-pool.svelte';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { ChatsConnection } from '../../src/storage/chats-connection';
import { openChats } from '../../src/storage/open-chats';
import { DraftKeeper } from '../../src/storage/draft-keeper';
import { endScriptedEngines, saying, scriptedSession } from '../fixtures/scripted-session';

beforeEach(() => deleteDB(chatsDatabaseName));
afterEach(() => endScriptedEngines());

const texts = ({ path }: ChatSession): string[] => path.map(({ text }) => text);

async function begin() {
  const store = await openChats();
  const drafts = new DraftKeeper(store.drafts, {
    changed: () => {},
    failed: (failure) => expect(failure).toBeNull(),
  });
  const { parts } = scriptedSession(saying('one', 'two', 'three'), {
    repository: store.conversations,
    attachments: store.attachments,
    drafts,
  });
  const sessions = new SessionPool(parts);
  const session = sessions.current;
  await session.send('Q');
  await session.send('R');
  return { store, drafts, parts, sessions, session, id: session.conversationId ?? '' };
}

const whole = ['Q', 'one', 'R', 'two'];

describe('a chat whose database is deleted under it', () => {
  it('stays on the screen with the words that are not sent, and can be stored again as a whole', async () => {
    const { session, store, id } = await begin();
    session.draft = 'S';
    await deleteDB(chatsDatabaseName);
    await session.send('S');
    expect(session.failure).toMatchObject({ kind: 'conversation-gone' });
    expect([session.missing, session.draft, texts(session)]).toEqual([false, 'S', whole]);
    expect(await store.conversations.list()).toEqual([]);
    // Not even a second try writes half of it.
    await session.send('S');
    expect([session.draft, await store.conversations.read(id)]).toEqual(['S', null]);

    await session.storeAgain();
    expect(session.failure).toBeNull();
    const record = await store.conversations.read(id);
    expect(record?.messages.map(({ text }) => text).toSorted()).toEqual(whole.toSorted());
    await session.send('S');
    expect(texts(session)).toEqual([...whole, 'S', 'three']);
  });

  it('keeps the texts of its files', async () => {
    const { session, store } = await begin();
    session.files.addText('the words of a file', 'file.txt');
    await session.send('Read it');
    await deleteDB(chatsDatabaseName);
    await session.refresh();
    await session.storeAgain();
    const [file] = await store.attachments.of(session.conversationId ?? '');
    expect([file?.name, await file?.text.text()]).toEqual(['file.txt', 'the words of a file']);
  });

  it('stays when another conversation is looked at, and what was typed is there after a reload', async () => {
    const { session, sessions, drafts, parts, id } = await begin();
    await deleteDB(chatsDatabaseName);
    await session.refresh();
    sessions.show(null);
    sessions.show(id);
    expect(sessions.current).toBe(session);
    expect(texts(session)).toEqual(whole);
    session.draft = 'not sent';
    await drafts.flush();
    const reloaded = new SessionPool(parts);
    reloaded.show(id);
    await expect.poll(() => reloaded.current.missing).toBe(true);
    await expect.poll(() => reloaded.current.draft !== '').toBe(true);
    expect(reloaded.current.draft).toBe('not sent');
  });

  it('does not take the place of what is typed in the new chat', async () => {
    const { session, sessions, drafts, store } = await begin();
    // What has been sent is forgotten as the draft of the new chat: that comes first.
    await drafts.flush();
    await store.drafts.write({ id: '', text: 'for the new chat', attachmentIds: [], updatedAt: 1 });
    await store.conversations.remove([session.conversationId ?? '']);
    await session.refresh();
    session.draft = 'for the old one';
    await drafts.flush();
    sessions.show(null);
    await expect.poll(() => sessions.current.draft !== '').toBe(true);
    expect([sessions.current.draft, session.draft]).toEqual(['for the new chat', 'for the old one']);
  });
});

describe('a chat that is deleted in another tab', () => {
  it('stays on the screen, and is as before when that is undone', async () => {
    const { session, store, id } = await begin();
    const [record] = await store.conversations.remove([id]);
    await session.refresh();
    expect(session.failure).toMatchObject({ kind: 'conversation-gone' });
    expect([session.missing, texts(session)]).toEqual([false, whole]);
    await store.conversations.addMany(record ? [record] : []);
    await session.refresh();
    expect([session.failure, session.gone, texts(session)]).toEqual([null, false, whole]);
    await session.send('S');
    expect(texts(session)).toEqual([...whole, 'S', 'three']);
  });

  it('loses nothing when it was about to be changed', async () => {
    const { session, store, id } = await begin();
    await store.conversations.remove([id]);
    const answer = session.path[1]?.id ?? '';
    expect(await session.editAnswer(answer, 'other words')).toBeNull();
    expect(session.failure).toMatchObject({ kind: 'conversation-gone' });
    await session.regenerate(answer);
    await session.deleteFrom(answer);
    expect(texts(session)).toEqual(whole);
  });
});

describe('a database that the browser closes', () => {
  const closeByBrowser = (database: IDBDatabase): void => {
    database.close();
    database.dispatchEvent(new Event('close'));
  };

  it('is opened again, also when it was closed in the middle of a transaction; and it is told', async () => {
    const { store } = await begin();
    const closed = vi.fn();
    const connection = new ChatsConnection(closed);
    let tries = 0;
    const count = await connection.use(async (database) => {
      tries += 1;
      const transaction = database.transaction('conversations', 'readwrite');
      transaction.done.catch(() => {});
      if (tries === 1) {
        closeByBrowser(unwrap(database));
        transaction.abort();
      }
      const found = await transaction.objectStore('conversations').count();
      await transaction.done;
      return found;
    });
    expect([tries, count]).toEqual([2, 1]);
    expect(closed).toHaveBeenCalledOnce();
    expect(await store.conversations.list()).toHaveLength(1);
  });
});

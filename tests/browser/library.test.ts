/** The library over the real database: two tabs, undo, many at once; and titles that a model proposes when it is idle. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AnswerMessage, Conversation } from '../../src/shared/domain/conversation';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { Library } from '../../src/library/library.svelte';
import { TitleProposer } from '../../src/library/title-proposer';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import type { ChatsStore } from '../../src/storage/chats-store';
import { openChats } from '../../src/storage/open-chats';
import { ConversationChannel } from '../../src/storage/conversation-channel';
import { attachment, conversation, question, reference, whole } from '../fixtures/conversations';
import { endScriptedEngines, scriptedSession } from '../fixtures/scripted-session';

const channels: ConversationChannel[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  endScriptedEngines();
  for (const channel of channels.splice(0)) channel.close();
  await deleteDB(chatsDatabaseName);
});

interface Tab {
  readonly library: Library;
  readonly store: ChatsStore;
  /** The ways back of what was deleted, the newest last. */
  readonly undos: (() => void)[];
  readonly failures: string[];
}

async function tab(): Promise<Tab> {
  const store = await openChats();
  const channel = new ConversationChannel();
  channels.push(channel);
  const undos: (() => void)[] = [];
  const failures: string[] = [];
  const library = new Library({
    store,
    channel,
    removing: () => Promise.resolve(),
    removed: (_, undo) => undos.push(undo),
    archived: (_, undo) => undos.push(undo),
    imported: () => {},
    failed: ({ kind }) => failures.push(kind),
  });
  await library.load();
  return { library, store, undos, failures };
}

const titles = ({ library }: Tab): string[] => library.conversations.map(({ title }) => title);

it('an export stores what is typed before it reads', async () => {
  const here = await tab();
  const settle = vi.fn(async () => {
    await here.store.drafts.write({ id: 'a', text: 'half a question', attachmentIds: [], updatedAt: 1 });
  });
  await here.store.conversations.addMany([whole('a')]);
  const library = new Library({ ...here.library.parts, settle });
  expect(await (await library.exportChats()).text()).toContain('half a question');
  expect(settle).toHaveBeenCalledTimes(1);
});

describe('two tabs', () => {
  it('show each other what they change, by reading that alone', async () => {
    const here = await tab();
    await here.store.conversations.addMany([whole('a'), whole('b')]);
    await here.library.load();
    const there = await tab();
    const list = vi.spyOn(there.store.conversations, 'list');
    await here.library.rename('a', ' Renamed ');
    await vi.waitUntil(() => titles(there).includes('Renamed'), { timeout: 5000 });
    await here.library.change(['b'], () => ({ pinned: true }));
    const view = await there.library.openView();
    await vi.waitUntil(() => view.entries[0]?.conversation.id === 'b', { timeout: 5000 });
    await here.library.remove(['a']);
    await vi.waitUntil(() => there.library.conversations.length === 1, { timeout: 5000 });
    here.undos.at(-1)?.();
    await vi.waitUntil(() => titles(there).includes('Renamed'), { timeout: 5000 });
    expect(list).not.toHaveBeenCalled();
    expect(here.failures).toEqual([]);
  });

  it('what one changes while the other reads its list for the first time is not lost', async () => {
    const here = await tab();
    await here.store.conversations.addMany([whole('a')]);
    const read = here.store.conversations.list.bind(here.store.conversations);
    vi.spyOn(here.store.conversations, 'list').mockImplementationOnce(async () => {
      const old = await read();
      const changed = await here.store.conversations.patch('a', () => ({ title: 'newer' }));
      here.library.changed(changed as Conversation);
      return old;
    });
    await here.library.load();
    expect(titles(here)).toEqual(['newer']);
  });
});

describe('many at once', () => {
  it('are archived, tagged, deleted and brought back with everything', async () => {
    const here = await tab();
    const file = attachment('f', 'c7');
    const ids = Array.from({ length: 250 }, (_, index) => `c${index}`);
    await here.store.conversations.addMany(
      ids.map((id) =>
        id === 'c7'
          ? whole(id, { messages: [question('q', id, { attachments: [reference(file)] })], attachments: [file] })
          : whole(id),
      ),
    );
    await here.library.load();
    await here.library.archive(ids.slice(0, 120), true);
    expect((await here.library.openView()).entries).toHaveLength(130);
    (await here.library.openView()).show({ kind: 'archived' });
    expect((await here.library.openView()).entries).toHaveLength(120);
    await here.library.change(ids, ({ tags = [] }) => ({ tags: [...tags, 'all'] }));
    expect((await here.library.openView()).tags).toEqual(['all']);
    await here.library.remove(ids);
    expect(here.library.conversations).toEqual([]);
    expect(await here.store.attachments.of('c7')).toEqual([]);
    here.undos.at(-1)?.();
    await vi.waitUntil(() => here.library.conversations.length === 250, { timeout: 10_000 });
    expect(await here.store.attachments.of('c7')).toHaveLength(1);
    // Archiving and deleting can each be taken back.
    expect(here.undos).toHaveLength(2);
  });

  it('that fail in the middle leave a way back for what is gone', async () => {
    const here = await tab();
    const ids = Array.from({ length: 150 }, (_, index) => `c${index}`);
    await here.store.conversations.addMany(ids.map((id) => whole(id)));
    await here.library.load();
    const remove = here.store.conversations.remove.bind(here.store.conversations);
    let calls = 0;
    vi.spyOn(here.store.conversations, 'remove').mockImplementation((some) => {
      calls += 1;
      return calls === 1 ? remove(some) : Promise.reject(new Error('gone wrong'));
    });
    await here.library.remove(ids);
    expect(here.failures).toEqual(['storage-unavailable']);
    expect(here.library.conversations).toHaveLength(50);
    here.undos.at(-1)?.();
    await vi.waitUntil(() => here.library.conversations.length === 150, { timeout: 10_000 });
  });

  it('a change that cannot be stored is told, and not shown', async () => {
    const here = await tab();
    await here.store.conversations.addMany([whole('a')]);
    await here.library.load();
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await here.library.rename('a', 'never');
    expect(here.failures).toEqual(['storage-full']);
    expect(titles(here)).toEqual(['Title a']);
  });
});

describe('a title', () => {
  const turns: readonly ChatTurn[] = [{ role: 'user', content: 'How do I feed a starter?' }];

  async function proposing(script: Parameters<typeof scriptedSession>[0]) {
    const saved: string[] = [];
    let answered: [AnswerMessage, readonly ChatTurn[]] | null = null;
    const scripted = scriptedSession(script, { answered: (...told) => (answered = told) });
    await scripted.session.send('How do I feed a starter?');
    if (answered === null) throw new Error('nobody was told of the answer');
    const proposer = new TitleProposer({
      model: scripted.model,
      enabled: () => true,
      save: (_, title) => Promise.resolve(void saved.push(title)),
    });
    return { ...scripted, saved, proposer, answered: answered as [AnswerMessage, readonly ChatTurn[]] };
  }

  it('is proposed by the model that answered, after its answer', async () => {
    const { proposer, answered, saved } = await proposing({
      answers: [[{ token: 'Daily.' }], [{ token: '"Feeding a Starter"' }]],
    });
    expect(answered[1]).toEqual(turns);
    await proposer.answered(...answered);
    expect(saved).toEqual(['Feeding a Starter']);
  });

  it('gives way at once when a person asks something', async () => {
    const slow = [{ repeat: 'title ', count: 400, delayMs: 20 }];
    const { proposer, answered, saved, session } = await proposing({
      answers: [[{ token: 'Daily.' }], slow, [{ token: 'Second answer' }]],
    });
    const proposing_ = proposer.answered(...answered);
    // It begins a moment after the answer; then it is in the middle of its title.
    await new Promise((resolve) => setTimeout(resolve, 1600));
    const askedAt = performance.now();
    await session.send('And then?');
    expect(performance.now() - askedAt).toBeLessThan(1000);
    await proposing_;
    expect(session.path.at(-1)).toMatchObject({ text: 'Second answer', state: 'whole' });
    expect(saved).toEqual([]);
  });

  it('is not asked for while the engine is in use, nor of a long conversation', async () => {
    const { proposer, answered, saved, model } = await proposing({
      answers: [[{ token: 'Daily.' }], [{ token: 'A Title' }]],
    });
    await proposer.answered(
      answered[0],
      Array.from({ length: 8 }, () => ({ role: 'user', content: 'x' })),
    );
    const busy = model.inTurn(() => new Promise((resolve) => setTimeout(resolve, 2500)));
    await proposer.answered(...answered);
    await busy;
    expect(saved).toEqual([]);
  });

  it('that a person gave is not replaced', async () => {
    const here = await tab();
    await here.store.conversations.write(conversation('a'), []);
    await here.library.load();
    const propose = (title: string): Promise<void> =>
      here.library.change(['a'], ({ titledBy }) => (titledBy === undefined ? { title, titledBy: 'model' } : null));
    await propose('By the model');
    expect(titles(here)).toEqual(['By the model']);
    await here.library.rename('a', 'By me');
    await propose('By the model again');
    expect(titles(here)).toEqual(['By me']);
  });
});

/** Our own file of chats, there and back, and the Markdown that others can read. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { exportMarkdown } from '../../src/library/export-markdown';
import { exportSotto } from '../../src/library/export-sotto';
import { ImportRun } from '../../src/library/import-run.svelte';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { inMemory } from '../../src/storage/chats-in-memory';
import type { ChatsStore } from '../../src/storage/chats-store';
import { StoredLab } from '../../src/storage/stored-lab';
import { wholeRun } from '../fixtures/lab/whole-run';
import { openChats } from '../../src/storage/open-chats';
import { branch, contentOf } from '../fixtures/chat-file-content';
import { smallestPng } from '../fixtures/smallest-png';
import { answer, attachment, conversation, question, reference, whole } from '../fixtures/conversations';
import newer from '../fixtures/imports/sotto-newer.jsonl?raw';
import firstVersion from '../fixtures/imports/sotto-v1.jsonl?raw';

afterEach(() => deleteDB(chatsDatabaseName));

describe('our own file', () => {
  it('of the first version is read', async () => {
    const content = await contentOf(firstVersion);
    expect(content.opened).toEqual({ ok: true, value: { format: 'sotto', newer: false } });
    expect(content.conversations.map(branch)).toEqual([['How do I use this offline?', 'Load the page once.']]);
    expect(content.broken).toEqual([]);
  });

  it('of a newer version keeps what it does not understand, and says so', async () => {
    const content = await contentOf(newer);
    expect(content.opened).toEqual({ ok: true, value: { format: 'sotto', newer: true } });
    expect(content.unknown.map(({ line }) => JSON.parse(line) as unknown)).toEqual([
      { type: 'folder', id: 'f', name: 'Work' },
    ]);
    expect(content.conversations[0]?.conversation).toMatchObject({ mood: { sunny: true } });
    expect(content.conversations[0]?.messages[0]).toMatchObject({ reactions: ['👍'] });
    expect(content.broken).toEqual([{ place: 5, problem: 'invalid' }]);
  });

  /** A store with one of everything. */
  const ofTheLab = wholeRun();

  async function filled(): Promise<ChatsStore> {
    const store = inMemory();
    const photo = {
      ...attachment('a/photo', 'a', ''),
      name: 'cat.jpg',
      mediaType: 'image/png',
      file: new Blob([smallestPng], { type: 'image/png' }),
      picture: { width: 1, height: 1, description: 'A cat' },
    };
    const large = attachment('a/large', 'a', 'x'.repeat(2_000_000));
    await store.conversations.write(
      {
        ...conversation('a', { activeLeafId: 'a-a', tags: ['one', 'zwei', '三'], pinned: true }),
        later: { kept: [1] },
      } as never,
      [
        question('a-q', 'a', { attachments: [reference(large), reference(photo)] }),
        answer('a-b', 'a', 'a-q', {
          text: 'first version',
          state: 'failed',
          failure: { kind: 'out-of-memory', technical: 'x' },
        }),
        answer('a-a', 'a', 'a-q', {
          text: '<think>hm</think>\nanswer',
          settings: { sampling: { temperature: 0.5, seed: 7 }, thinking: 'on' },
          figures: { promptTokens: 5, reusedTokens: 1, completionTokens: 9, timeToFirstTokenMs: 1.5, decodeMs: 20.25 },
          finishReason: 'stop',
          backend: 'llama.cpp · cpu',
          thinkingMs: 1200,
          context: { kind: 'summarised', turns: 2, summary: 'They said hello.' },
          edited: true,
        }),
      ],
      [large, photo, attachment('a/empty', 'a', '')],
    );
    await store.conversations.write(conversation('empty', { archived: true, titledBy: 'person', personaId: 'p' }), []);
    await store.drafts.write({ id: 'a', text: 'half', attachmentIds: ['a/empty'], updatedAt: 5 });
    await store.personas.write({
      id: 'p',
      name: 'Terse',
      icon: '✂️',
      settings: { systemPrompt: 'Be brief.', contextPolicy: 'stop' },
      modelId: 'qwen3-0.6b-q4_k_m',
      createdAt: 1,
      updatedAt: 2,
    });
    await store.defaults.write({ sampling: { temperature: 0.1, stop: ['END'] } });
    await store.keptRecords.add([{ id: 'k', line: '{"type":"folder","id":"f"}' }]);
    const lab = new StoredLab(store.tables);
    await lab.writeSet(ofTheLab.set);
    await lab.writeWholeRun(ofTheLab);
    return store;
  }

  async function imported(file: Blob, store: ChatsStore): Promise<ImportRun> {
    const run = new ImportRun(file, { store, written: () => Promise.resolve(), personasWritten: () => {} });
    await run.read();
    expect(run.failure).toBeNull();
    await run.write();
    return run;
  }

  it('there and back loses nothing, through the real worker and the real database', async () => {
    const store = await filled();
    const file = await exportSotto(store, null);
    const lines = (await file.text()).trim().split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(800_000);
    const fresh = await openChats();
    const run = await imported(file, fresh);
    expect(run.preview).toMatchObject({
      counts: { new: 2, more: 0, here: 0 },
      personas: 1,
      lab: { sets: 1, runs: 1 },
      brokenCount: 0,
      newer: false,
    });
    expect(run.outcome).toEqual({ conversations: 2, messages: 3, leftOut: {}, cancelled: false });
    const plain = async (from: ChatsStore): Promise<unknown> =>
      Promise.all(
        (await from.conversations.readWhole(['a', 'empty'])).map(async ({ messages, attachments, ...record }) => ({
          ...record,
          messages: messages.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
          attachments: await Promise.all(
            attachments
              .toSorted((a, b) => (a.id < b.id ? -1 : 1))
              .map(async ({ file: content, text, ...facts }) => ({
                ...facts,
                type: content.type,
                content: await content.text(),
                text: await text.text(),
              })),
          ),
        })),
      );
    expect(await plain(fresh)).toEqual(await plain(store));
    expect(await fresh.personas.list()).toEqual(await store.personas.list());
    expect(await fresh.defaults.read()).toEqual(await store.defaults.read());
    const lab = new StoredLab(fresh.tables);
    expect(await lab.sets()).toEqual([ofTheLab.set]);
    // Besides that it is imported: it may have run on another device.
    const marked = { ...ofTheLab.run, importedAt: expect.any(Number) as number };
    expect(await lab.wholeRun(ofTheLab.run.id)).toEqual({ ...ofTheLab, run: marked });
    const recordsIn = async (text: Promise<string>): Promise<unknown[]> =>
      (await text)
        .trim()
        .split('\n')
        // That a run was imported is said of the second one alone.
        .map(
          (line) =>
            JSON.parse(line, (name, value: unknown) => (name === 'importedAt' ? undefined : value)) as Record<
              string,
              unknown
            >,
        )
        // The content has been compared already; a difference in it would be a page of letters.
        .filter(({ type }) => type !== 'sotto-chats' && type !== 'attachment-data')
        .toSorted((a, b) =>
          `${String(a['type'])} ${String(a['id'])}` < `${String(b['type'])} ${String(b['id'])}` ? -1 : 1,
        );
    const again = await exportSotto(fresh, null);
    expect(await recordsIn(again.text())).toEqual(await recordsIn(file.text()));
  });

  it('can be imported twice, and never overwrites', async () => {
    const store = await filled();
    const file = await exportSotto(store, null);
    await store.conversations.patch('a', () => ({ title: 'mine now' }));
    await store.defaults.write({ systemPrompt: 'mine' });
    const run = await imported(file, store);
    expect(run.preview?.counts).toEqual({ new: 0, more: 0, here: 2 });
    expect(run.outcome).toEqual({ conversations: 0, messages: 0, leftOut: {}, cancelled: false });
    expect((await store.conversations.read('a'))?.conversation.title).toBe('mine now');
    expect(await store.defaults.read()).toEqual({ systemPrompt: 'mine' });
    expect(await store.keptRecords.list()).toHaveLength(1 + 1);
  });

  it('brings what was said elsewhere since then, and shows it', async () => {
    const here = inMemory();
    await here.conversations.addMany([whole('c')]);
    const elsewhere = inMemory();
    const longer = whole('c', { conversation: conversation('c', { activeLeafId: 'c-2' }) });
    await elsewhere.conversations.addMany([
      {
        ...longer,
        messages: [...longer.messages, question('c-1', 'c', { parentId: 'c-a' }), answer('c-2', 'c', 'c-1')],
      },
    ]);
    const run = await imported(await exportSotto(elsewhere, ['c']), here);
    expect(run.preview?.counts).toEqual({ new: 0, more: 1, here: 0 });
    expect(run.outcome).toMatchObject({ conversations: 0, messages: 2 });
    expect((await here.conversations.read('c'))?.conversation.activeLeafId).toBe('c-2');
  });

  it('takes the personas of what was selected, and nothing else', async () => {
    const store = await filled();
    const records = (await (await exportSotto(store, ['empty'])).text())
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(records).toEqual(['sotto-chats', 'conversation', 'persona']);
  });

  it('ends when it is cancelled, and keeps what was whole', async () => {
    const many = inMemory();
    await many.conversations.addMany(Array.from({ length: 450 }, (_, index) => whole(`c${index}`)));
    const file = await exportSotto(many, null);
    const store = inMemory();
    let batches = 0;
    const run = new ImportRun(file, {
      store,
      written: () => {
        batches += 1;
        if (batches === 2) run.cancel();
        return Promise.resolve();
      },
      personasWritten: () => {},
    });
    await run.read();
    expect(run.preview?.counts.new).toBe(450);
    await run.write();
    expect(run.phase).toBe('done');
    expect(run.outcome).toMatchObject({ cancelled: true, conversations: 200 });
    expect(await store.conversations.list()).toHaveLength(200);
    await run.write();
    expect(await store.conversations.list()).toHaveLength(450);
  });
});

describe('as Markdown', () => {
  it('there is the branch that is shown, without thoughts, and titles are no Markdown', async () => {
    const store = inMemory();
    await store.conversations.write(conversation('a', { title: '# A *bold*\ntitle', activeLeafId: 'r' }), [
      question('q', 'a', { text: 'What?' }),
      answer('other', 'a', 'q', { text: 'not shown' }),
      answer('r', 'a', 'q', { text: '<think>THOUGHT</think>\n\nThat.' }),
    ]);
    const text = await (await exportMarkdown(store, ['a'])).text();
    expect(text).toContain('# \\# A \\*bold\\* title');
    expect(text).toMatch(/## Your message\n\nWhat\?\n\n## Answer · Guide\n\nThat\.\n$/);
    expect(text).not.toMatch(/not shown|THOUGHT/);
  });
});

/** One conversation with the real engine worker (scripted engine), the real IndexedDB and real locks. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '../../src/shared/domain/conversation';
import type { EngineScript, ScriptStep } from '../../src/shared/protocol/engine';
import { ChatSession } from '../../src/chat/chat-session.svelte';
import { AnswerDefaults } from '../../src/chat/settings/answer-defaults.svelte';
import type { SettingsStore } from '../../src/chat/settings/settings-store';
import { withConversationLock } from '../../src/chat/conversation-lock';
import { canContinue } from '../../src/chat/turns/answer-note';
import { versionsOf } from '../../src/chat/version-index';
import { ActiveModel } from '../../src/engine/active-model.svelte';
import type { EngineClient } from '../../src/engine/engine-client';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { ConversationChannel } from '../../src/storage/conversation-channel';
import { inMemory } from '../../src/storage/chats-in-memory';
import { IndexedDbConversations } from '../../src/storage/indexed-db-conversations';
import { lastAnswer, saying, ScriptedClient, scriptedModel } from '../fixtures/scripted-session';

const clients: EngineClient[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const client of clients.splice(0)) client.terminate();
  await deleteDB(chatsDatabaseName);
});

function newSession(
  script: EngineScript,
  repository = new IndexedDbConversations(),
  defaults: SettingsStore = { read: () => Promise.resolve({}), write: () => Promise.resolve() },
) {
  const client = new ScriptedClient(script);
  clients.push(client);
  const active = new ActiveModel(client, () => Promise.resolve({ ok: true, value: [] }), scriptedModel);
  const parts = {
    repository,
    channel: new ConversationChannel(),
    model: active,
    changed: () => {},
    settings: { defaults: new AnswerDefaults(defaults) },
    attachments: inMemory().attachments,
  };
  return { session: new ChatSession(parts), parts, active, repository, client };
}

const slowly = (count = 400): ScriptStep[] => [{ repeat: 'word ', count, delayMs: 10 }];
const texts = (path: readonly Message[]): string[] => path.map((message) => message.text);
const storedIn = async (repository: IndexedDbConversations, id: string | null): Promise<readonly Message[]> =>
  (await repository.read(id ?? ''))?.messages ?? [];

describe('a conversation', () => {
  it('shows a message that was found on the branch that it is on, and keeps that branch', async () => {
    const { session, parts, repository } = newSession(saying('First.', 'Second.', 'Third.'));
    await session.send('Old words');
    const [old] = session.path;
    await session.edit(old?.id ?? '', 'New words');
    await session.send('And more');
    expect(texts(session.path)).toEqual(['New words', 'Second.', 'And more', 'Third.']);
    const again = new ChatSession(parts);
    void again.open(session.conversationId ?? '');
    // While it is still being opened.
    expect(await again.showMessage(old?.id ?? '')).toBe(true);
    expect([texts(again.path), again.sought]).toEqual([['Old words', 'First.'], old?.id]);
    again.found();
    expect(again.sought).toBeNull();
    expect((await repository.read(session.conversationId ?? ''))?.conversation.activeLeafId).toBe(again.path[1]?.id);
    // It has been deleted meanwhile.
    expect([await again.showMessage('gone'), again.sought]).toEqual([true, null]);
  });

  it('does not leave the branch on which it is writing for a message that was found', async () => {
    const { session } = newSession({ answers: [[{ token: 'First.' }], slowly()] });
    await session.send('Old words');
    const [old] = session.path;
    const writing = session.edit(old?.id ?? '', 'New words');
    await expect.poll(() => session.phase === 'writing').toBe(true);
    expect([await session.showMessage(old?.id ?? ''), session.sought]).toEqual([false, null]);
    expect(await session.showMessage(session.path[0]?.id ?? '')).toBe(true);
    session.stop();
    await writing;
  });

  it('stores question and answer, with figures, and is the same when it is opened again', async () => {
    const { session, parts } = newSession(saying('Hello **you**.', 'Again.'));
    await session.send('Hi');
    await session.send('And?');
    expect(texts(session.path)).toEqual(['Hi', 'Hello **you**.', 'And?', 'Again.']);
    expect(lastAnswer(session.path)).toMatchObject({
      state: 'whole',
      finishReason: 'stop',
      figures: { completionTokens: 1 },
    });
    const again = new ChatSession(parts);
    await again.open(session.conversationId ?? '');
    expect(again.path).toEqual(session.path);
    expect(session.phase).toBe('idle');
  });

  it('keeps old versions when a question is edited or an answer regenerated', async () => {
    const { session, parts } = newSession(saying('one', 'two', 'three'));
    await session.send('Q');
    await session.regenerate(lastAnswer(session.path).id);
    expect(texts(session.path)).toEqual(['Q', 'two']);
    const answerId = lastAnswer(session.path).id;
    expect(versionsOf(session.messages).placeOf(answerId)).toEqual({ index: 2, count: 2 });
    await session.showBranchOf(versionsOf(session.messages).beside(answerId, -1)?.id ?? '');
    expect(texts(session.path)).toEqual(['Q', 'one']);
    await session.edit(session.path[0]?.id ?? '', 'Q changed');
    expect(texts(session.path)).toEqual(['Q changed', 'three']);
    const again = new ChatSession(parts);
    await again.open(session.conversationId ?? '');
    expect(texts(again.path)).toEqual(['Q changed', 'three']);
    await again.showBranchOf(versionsOf(again.messages).beside(again.path[0]?.id ?? '', -1)?.id ?? '');
    expect(texts(again.path)).toEqual(['Q', 'two']);
  });

  it('can be stopped in the middle: the text is kept, and can be continued', async () => {
    const { session } = newSession({ answers: [slowly(), [{ token: 'the end' }]] });
    const sending = session.send('Q');
    await vi.waitUntil(() => session.path.at(-1)?.text.includes('word word'), { timeout: 5000 });
    expect(lastAnswer(session.path).state).toBe('streaming');
    session.stop();
    await sending;
    const stopped = lastAnswer(session.path);
    expect(stopped).toMatchObject({ state: 'whole', finishReason: 'cancelled' });
    await session.continueAnswer(stopped.id);
    expect(lastAnswer(session.path)).toMatchObject({ text: `${stopped.text}the end`, continued: true });
    expect(session.path).toHaveLength(2);
  });

  it('that breaks off while it is continued keeps its words, and can be continued again', async () => {
    const { session } = newSession({
      answers: [slowly(), [{ token: 'and ' }, { throw: 'broken' }], [{ token: 'the end' }]],
    });
    const sending = session.send('Q');
    await vi.waitUntil(() => session.path.at(-1)?.text.includes('word word'), { timeout: 5000 });
    session.stop();
    await sending;
    const { id, text } = lastAnswer(session.path);
    await session.continueAnswer(id);
    const broken = lastAnswer(session.path);
    expect(broken).toMatchObject({ state: 'failed', text: `${text}and ` });
    expect(canContinue(broken)).toBe(true);
    expect(canContinue({ ...broken, text: '' })).toBe(false);
  });

  it('is stopped from the first moment on', async () => {
    const { session } = newSession({ answers: [[{ token: 'never' }]] });
    const sending = session.send('Q');
    await vi.waitUntil(() => session.phase === 'waiting', { interval: 1, timeout: 15_000 });
    session.stop();
    await sending;
    expect(lastAnswer(session.path)).toMatchObject({ state: 'whole', finishReason: 'cancelled', text: '' });
  });

  it('can be stopped while the model loads', async () => {
    const { session, active } = newSession({ answers: [], load: { delayMs: 60_000 } });
    const sending = session.send('Q');
    await expect.poll(() => session.phase === 'loading-model' && active.phase === 'loading').toBe(true);
    // Until the load is under way in the worker, which tells nothing of it.
    await new Promise((resolve) => setTimeout(resolve, 200));
    session.stop();
    await sending;
    expect(lastAnswer(session.path)).toMatchObject({ state: 'whole', finishReason: 'cancelled', text: '' });
    expect(active.failure).toBeNull();
  });

  it('can be stopped when the engine hangs, within a second', async () => {
    const { session } = newSession({ answers: [[{ token: 'so far' }, { hang: true }]] });
    const sending = session.send('Q');
    await vi.waitUntil(() => session.path.at(-1)?.text === 'so far', { timeout: 5000 });
    const stoppedAt = performance.now();
    session.stop();
    await sending;
    expect(performance.now() - stoppedAt).toBeLessThan(1000);
    expect(lastAnswer(session.path)).toMatchObject({ text: 'so far', finishReason: 'cancelled' });
  });

  it('keeps the words before an engine that throws, and goes on afterwards', async () => {
    const { session } = newSession({ answers: [[{ token: 'half' }, { throw: 'bang' }], [{ token: 'whole' }]] });
    await session.send('Q');
    expect(lastAnswer(session.path)).toMatchObject({
      text: 'half',
      state: 'failed',
      failure: { kind: 'engine-crashed' },
    });
    await session.regenerate(lastAnswer(session.path).id);
    expect(texts(session.path)).toEqual(['Q', 'whole']);
  });

  it('keeps the words before a worker that dies, and starts another', async () => {
    const { session, client } = newSession({ answers: [slowly()] });
    const sending = session.send('Q');
    await vi.waitUntil(() => session.path.at(-1)?.text.includes('word'), { timeout: 5000 });
    client.terminate();
    await sending;
    expect(lastAnswer(session.path).state).toBe('failed');
    expect(lastAnswer(session.path).text).toContain('word');
    const again = session.send('More');
    await vi.waitUntil(() => session.path.length === 4 && session.path.at(-1)?.text.includes('word'), {
      timeout: 5000,
    });
    session.stop();
    await again;
  });
});

describe('storing while it streams', () => {
  it('writes at least once a second, and an answer that was cut off comes back as interrupted', async () => {
    const { session, repository, parts } = newSession({ answers: [slowly()] });
    const sending = session.send('Q');
    await vi.waitUntil(() => session.path.at(-1)?.text.includes('word'), { timeout: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const shown = lastAnswer(session.path).text.length;
    const stored = (await storedIn(repository, session.conversationId)).find(({ role }) => role === 'assistant');
    expect(stored).toMatchObject({ state: 'streaming' });
    // 10 ms a word: one second is 100 words of 5 letters, and a little for a slow machine.
    expect(shown - (stored?.text.length ?? 0)).toBeLessThan(600);
    expect(stored?.text.length).toBeGreaterThan(0);
    session.stop();
    await sending;

    // What a crash leaves behind: the record as it was in the middle, and no lock.
    if (stored) await repository.writeMessage(stored);
    const afterCrash = new ChatSession(parts);
    await afterCrash.open(session.conversationId ?? '');
    expect(lastAnswer(afterCrash.path)).toMatchObject({ state: 'interrupted', text: stored?.text });
    expect(await storedIn(repository, session.conversationId)).toContainEqual(
      expect.objectContaining({ state: 'interrupted' }),
    );
  });

  it('keeps the draft when the disk is full, and says so', async () => {
    const { session, repository } = newSession(saying('x'));
    session.draft = 'my words';
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await session.send('my words');
    expect(session.failure?.kind).toBe('storage-full');
    expect(session.draft).toBe('my words');
    vi.restoreAllMocks();
    await session.send(session.draft);
    expect(session.draft).toBe('');
    expect(await storedIn(repository, session.conversationId)).toHaveLength(2);
  });
});

describe('two writers of one conversation', () => {
  it('are kept apart: the second is refused and keeps its words', async () => {
    const { session, parts } = newSession(saying('one', 'two'));
    await session.send('Q');
    const id = session.conversationId ?? '';
    const other = new ChatSession(parts);
    await other.open(id);
    other.draft = 'mine';
    await withConversationLock(id, () => other.send('mine'));
    expect(other.failure?.kind).toBe('conversation-busy');
    expect(other.draft).toBe('mine');
    await other.send('mine');
    expect(other.failure).toBeNull();
    expect(texts(other.path)).toEqual(['Q', 'one', 'mine', 'two']);
  });

  it('an answer that another tab is writing is not called interrupted', async () => {
    const { session, parts, repository } = newSession(saying('one'));
    await session.send('Q');
    const id = session.conversationId ?? '';
    await repository.writeMessage({ ...lastAnswer(session.path), state: 'streaming', text: 'in the mak' });
    const other = new ChatSession(parts);
    await withConversationLock(id, async () => {
      await other.open(id);
      expect(lastAnswer(other.path).state).toBe('streaming');
    });
    // The lock was let go without an end: that tab died.
    await vi.waitUntil(() => lastAnswer(other.path).state === 'interrupted', { timeout: 5000 });
  });

  it('two conversations share the engine in turn', async () => {
    const { session, parts } = newSession({ answers: [[{ repeat: 'a', count: 20, delayMs: 10 }]] });
    const second = new ChatSession(parts);
    await Promise.all([session.send('Q'), second.send('R')]);
    expect(texts(session.path)).toEqual(['Q', 'a'.repeat(20)]);
    expect(texts(second.path)).toEqual(['R', 'a'.repeat(20)]);
  });
});

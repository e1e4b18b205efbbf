/** What is sent to a model, and what is kept of its answer: settings, thoughts, files, the context window, the queue. */
import { turnsLeftOut } from '../fixtures/turns-left-out';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChatSession } from '../../src/chat/chat-session.svelte';
import { AnswerDefaults } from '../../src/chat/settings/answer-defaults.svelte';
import { versionsOf } from '../../src/chat/version-index';
import type { ContextPolicy } from '../../src/shared/domain/chat-settings';
import type { Message } from '../../src/shared/domain/conversation';
import type { ScriptStep } from '../../src/shared/protocol/engine';
import { FailureError } from '../../src/shared/protocol/failure';
import { answeringSession, type AnsweringSession } from '../fixtures/answering-session';
import { lastAnswer, saying } from '../fixtures/scripted-session';

const open: AnsweringSession[] = [];
const begin = (...args: Parameters<typeof answeringSession>): AnsweringSession => {
  const begun = answeringSession(...args);
  open.push(begun);
  return begun;
};
afterEach(() => {
  for (const { client } of open.splice(0)) client.terminate();
});

const texts = (path: readonly Message[]): string[] => path.map(({ text }) => text);

describe('settings', () => {
  const persona = { id: 'p', name: 'P', icon: '', createdAt: 1, updatedAt: 1 };

  it('come from conversation, persona and defaults, and are kept with the answer and the conversation', async () => {
    const { session, parts, lastRequest } = begin(saying('ok'), {
      defaults: { systemPrompt: 'default prompt', sampling: { maxTokens: 100, temperature: 0.1 } },
      personas: [{ ...persona, settings: { systemPrompt: 'persona prompt' } }],
    });
    await session.choosePersona('p');
    await session.changeSettings({ sampling: { maxTokens: 7 }, thinking: 'off' });
    await session.send('Q');
    expect(lastRequest()).toMatchObject({
      turns: [
        { role: 'system', content: 'persona prompt' },
        { role: 'user', content: 'Q' },
      ],
      // The scripted engine honors nothing else.
      sampling: { maxTokens: 7 },
      thinking: 'off',
    });
    expect(lastAnswer(session.path).settings).toEqual({
      systemPrompt: 'persona prompt',
      sampling: { maxTokens: 7, temperature: 0.1 },
      thinking: 'off',
      contextPolicy: 'drop-oldest',
    });
    const again = new ChatSession(parts);
    await again.open(session.conversationId ?? '');
    expect(again.settings.own).toEqual({ sampling: { maxTokens: 7 }, thinking: 'off' });
    expect(again.settings.personaId).toBe('p');
  });

  it('of the conversation can be taken back', async () => {
    const { session, parts, lastRequest } = begin(saying('ok'));
    await session.send('Q');
    await session.changeSettings({ systemPrompt: 'x' });
    await session.changeSettings({});
    await session.send('R');
    expect(lastRequest().turns[0]?.role).toBe('user');
    expect((await parts.repository.read(session.conversationId ?? ''))?.conversation).not.toHaveProperty('settings');
  });

  it('for one more answer count for that one alone', async () => {
    const { session, lastRequest } = begin(saying('one', 'two', 'three'));
    await session.send('Q');
    await session.regenerate(lastAnswer(session.path).id, { settings: { systemPrompt: 'once' } });
    expect(lastRequest().turns[0]).toEqual({ role: 'system', content: 'once' });
    await session.regenerate(lastAnswer(session.path).id);
    expect(lastRequest().turns[0]?.role).toBe('user');
  });

  it('never load the model again', async () => {
    const { session, client } = begin(saying('one', 'two'));
    const load = vi.spyOn(client, 'load');
    await session.send('Q');
    await session.changeSettings({ sampling: { maxTokens: 3 } });
    await session.send('R');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('an answer names the model that wrote it, though another was chosen meanwhile', async () => {
    const { session, active } = begin(saying('one'));
    await session.send('Q');
    await session.regenerate(lastAnswer(session.path).id, { model: { ...active.chosen, id: 'other', name: 'Other' } });
    expect(lastAnswer(session.path)).toMatchObject({ modelId: 'other', modelName: 'Other' });
    expect(active.chosen.id).toBe('other');
  });
});

describe('thoughts', () => {
  it.each<[string, ScriptStep[]]>([
    [
      'marked',
      [{ token: '<think>' }, { token: 'hm', delayMs: 60 }, { token: '</think>\n\n', delayMs: 60 }, { token: 'yes' }],
    ],
    [
      'without their opener',
      [{ token: 'hm' }, { token: 'm', delayMs: 60 }, { token: '</think>\n\n', delayMs: 60 }, { token: 'yes' }],
    ],
  ])('%s are timed, and not sent back', async (_name, steps) => {
    const { session, lastRequest } = begin({ answers: [steps, [{ token: 'ok' }]] });
    await session.send('Q');
    expect(lastAnswer(session.path).thinkingMs).toBeGreaterThan(80);
    expect(lastAnswer(session.path).thinkingMs).toBeLessThan(5000);
    await session.send('R');
    expect(lastRequest().turns.map(({ content }) => content)).toEqual(['Q', 'yes', 'R']);
  });

  it('are not timed where there are none', async () => {
    const { session } = begin(saying('plain'));
    await session.send('Q');
    expect(lastAnswer(session.path)).not.toHaveProperty('thinkingMs');
  });
});

describe('an answer that was stopped before its first word', () => {
  it('leaves its question with the next one, so that the roles alternate; and its figures do not count', async () => {
    const { session, lastRequest } = begin({
      answers: [[{ token: 'late', delayMs: 60_000 }], [{ token: 'Both.' }]],
    });
    const asking = session.send('Q');
    await vi.waitUntil(() => session.phase === 'reading', { timeout: 5000 });
    session.stop();
    await asking;
    expect(lastAnswer(session.path)).toMatchObject({ text: '', finishReason: 'cancelled' });
    expect(lastAnswer(session.path).figures).toBeUndefined();
    await session.send('R');
    expect(lastRequest().turns).toEqual([{ role: 'user', content: 'Q\n\nR' }]);
    await session.edit(session.path[0]?.id ?? '', 'Q changed');
    expect(lastRequest().turns).toEqual([{ role: 'user', content: 'Q changed' }]);
  });
});

describe('the context window', () => {
  const words = (count: number): string => 'word '.repeat(count).trim();
  const filled = async (policy: ContextPolicy, counts: boolean): Promise<AnsweringSession> => {
    const begun = begin(
      { answers: [[{ token: words(20) }]], contextTokens: 200 },
      { defaults: { contextPolicy: policy, sampling: { maxTokens: 40 } }, counts },
    );
    for (let round = 0; round < 3; round += 1) await begun.session.send(words(20));
    return begun;
  };

  it.each([true, false])('leaves out the oldest messages and says how many (engine counts: %s)', async (counts) => {
    const { session, lastRequest } = await filled('drop-oldest', counts);
    await session.send(words(80));
    const answer = lastAnswer(session.path);
    expect(answer.state).toBe('whole');
    expect(answer.context).toMatchObject({ kind: 'dropped' });
    expect(lastRequest().turns.length + turnsLeftOut(answer.context)).toBe(7);
    // In the chat nothing is missing.
    expect(session.path).toHaveLength(8);
  });

  it('has the model summarise, and shows its words', async () => {
    const { session, client } = await filled('summarise', true);
    const before = client.requests.length;
    await session.send(words(90));
    const answer = lastAnswer(session.path);
    expect(client.requests.length).toBeGreaterThan(before + 1);
    expect(client.requests[before]?.jobId).toContain('summary');
    expect(answer.context).toMatchObject({ kind: 'summarised', summary: words(20) });
    expect(client.requests.at(-1)?.turns[0]).toMatchObject({ role: 'system' });
  });

  it('can be stopped while it summarises', async () => {
    const { session, client } = begin(
      { answers: [[{ token: words(60) }], [{ token: words(60) }], [{ hang: true }]], contextTokens: 200 },
      { defaults: { contextPolicy: 'summarise', sampling: { maxTokens: 40 } } },
    );
    await session.send('Q');
    await session.send('R');
    const sending = session.send(words(90));
    await vi.waitUntil(() => session.phase === 'summarizing', { timeout: 5000 });
    expect(client.requests.at(-1)?.jobId).toContain('summary');
    session.stop();
    await sending;
    expect(lastAnswer(session.path)).toMatchObject({ finishReason: 'cancelled', text: '' });
  });

  it('ends the conversation there where the person wants it so: nothing is sent, nothing lost', async () => {
    const { session, client } = await filled('stop', true);
    session.draft = words(300);
    const before = client.requests.length;
    await session.send(session.draft);
    expect(session.failure).toMatchObject({ kind: 'context-exceeded' });
    expect(session.draft).toBe(words(300));
    expect(session.path).toHaveLength(6);
    expect(client.requests).toHaveLength(before);
  });
});

describe('a question that waits', () => {
  const slow: ScriptStep[] = [{ repeat: 'word ', count: 30, delayMs: 10 }];

  it('is sent when the answer before it has ended', async () => {
    const { session } = begin({ answers: [slow, [{ token: 'two' }], [{ token: 'three' }]] });
    const first = session.send('Q1');
    await vi.waitUntil(() => session.phase === 'writing', { timeout: 5000 });
    await session.send('Q2');
    await session.send('Q3');
    expect(session.queue.items.map(({ text }) => text)).toEqual(['Q2', 'Q3']);
    expect(session.draft).toBe('');
    await first;
    await vi.waitUntil(() => session.phase === 'idle' && session.queue.items.length === 0, { timeout: 5000 });
    expect(texts(session.path)).toEqual(['Q1', expect.stringContaining('word'), 'Q2', 'two', 'Q3', 'three']);
  });

  it('waits for the person when the answer before it was stopped', async () => {
    const { session } = begin({ answers: [slow, [{ token: 'two' }]] });
    const first = session.send('Q1');
    await vi.waitUntil(() => session.phase === 'writing', { timeout: 5000 });
    await session.send('Q2');
    session.stop();
    await first;
    expect(session.queue.held).toBe(true);
    expect(session.path).toHaveLength(2);
    await session.sendNext();
    await expect.poll(() => session.phase === 'idle').toBe(true);
    expect(texts(session.path).slice(2)).toEqual(['Q2', 'two']);
  });

  it('can be taken back and removed', async () => {
    const { session } = begin({ answers: [slow] });
    const first = session.send('Q1');
    await vi.waitUntil(() => session.phase === 'writing', { timeout: 5000 });
    await session.send('Q2');
    await session.send('Q3');
    session.takeBack(session.queue.items[0]?.id ?? 0);
    expect(session.draft).toBe('Q2');
    session.queue.remove(session.queue.items[0]?.id ?? 0);
    await first;
    expect(session.path).toHaveLength(2);
  });

  it('comes back when it cannot be stored', async () => {
    const { session, parts } = begin({ answers: [slow] });
    const first = session.send('Q1');
    await vi.waitUntil(() => session.phase === 'writing', { timeout: 5000 });
    await session.send('Q2');
    vi.spyOn(parts.repository, 'patch').mockRejectedValue(new Error('full'));
    await first;
    await expect.poll(() => session.failure !== null).toBe(true);
    expect(session.queue.items.map(({ text }) => text)).toEqual(['Q2']);
    expect(session.queue.held).toBe(true);
  });
});

describe('files', () => {
  it('go into the prompt, are kept, and can be asked about again', async () => {
    const { session, parts, lastRequest } = begin(saying('one', 'two'));
    session.files.add([new File(['a,b\n1,2\n'], 'n.csv', { type: 'text/csv' })]);
    await vi.waitUntil(() => session.files.ready.length === 1, { timeout: 5000 });
    await session.send('Sum?');
    expect(lastRequest().turns[0]?.content).toBe('File "n.csv":\n```\na,b\n1,2\n```\n\nSum?');
    expect(session.files.items).toEqual([]);
    const again = new ChatSession(parts);
    await again.open(session.conversationId ?? '');
    expect(again.path[0]).toMatchObject({ attachments: [{ name: 'n.csv', usedCharacters: 8, textCharacters: 8 }] });
    await again.regenerate(lastAnswer(again.path).id);
    expect(lastRequest().turns[0]?.content).toContain('a,b\n1,2');
  });

  it('can be sent without words, and are cut where the person cut them', async () => {
    const { session, lastRequest } = begin(saying('ok'));
    const file = session.files.addText('0123456789', 'p.txt');
    file.usedCharacters = 4;
    await session.send('');
    expect(lastRequest().turns[0]?.content).toContain('(the first 4 of 10 characters):\n```\n0123\n```');
    expect((await begin(saying('x')).parts.repository.list()).length).toBe(0);
  });

  it('that cannot be read are not sent, and say why', async () => {
    const { session, lastRequest } = begin(saying('ok'));
    session.files.add([new File([new Uint8Array(100)], 'z.bin')]);
    await vi.waitUntil(() => session.files.items[0]?.state === 'failed', { timeout: 5000 });
    expect(session.files.items[0]?.failure).toMatchObject({ kind: 'attachment-binary', subject: 'z.bin' });
    await session.send('Q');
    expect(lastRequest().turns[0]?.content).toBe('Q');
  });

  it('come back to the composer when the question cannot be stored', async () => {
    const { session, parts } = begin(saying('ok'));
    session.files.addText('text', 'p.txt');
    const write = vi.spyOn(parts.repository, 'write').mockRejectedValueOnce(new Error('full'));
    session.draft = 'Q';
    await session.send('Q');
    expect(session.failure).not.toBeNull();
    expect(session.draft).toBe('Q');
    expect(session.files.ready).toHaveLength(1);
    write.mockRestore();
    await session.send('Q');
    expect(session.path).toHaveLength(2);
  });
});

describe('what becomes of answers', () => {
  it('edited ones are marked, and it can be undone', async () => {
    const { session, lastRequest } = begin(saying('one', 'two'));
    await session.send('Q');
    const undo = await session.editAnswer(lastAnswer(session.path).id, 'better');
    expect(lastAnswer(session.path)).toMatchObject({ text: 'better', edited: true });
    await session.send('R');
    expect(lastRequest().turns[1]?.content).toBe('better');
    await undo?.();
    expect(texts(session.path).slice(0, 2)).toEqual(['Q', 'one']);
  });

  it('deleted ones come back whole', async () => {
    const { session } = begin(saying('one', 'two', 'three'));
    await session.send('Q');
    await session.send('R');
    await session.regenerate(lastAnswer(session.path).id);
    const before = texts(session.path);
    const undo = await session.deleteFrom(session.path[2]?.id ?? '');
    expect(texts(session.path)).toEqual(['Q', 'one']);
    await undo?.();
    expect(texts(session.path)).toEqual(before);
    expect(versionsOf(session.messages).placeOf(lastAnswer(session.path).id).count).toBe(2);
  });

  it('are copied into a new conversation, which goes its own way', async () => {
    const { session, parts } = begin(saying('one', 'two'));
    await session.send('Q');
    await session.send('R');
    const copyId = await session.fork(session.path[1]?.id ?? '');
    const copy = new ChatSession(parts);
    await copy.open(copyId ?? '');
    expect(texts(copy.path)).toEqual(['Q', 'one']);
    await copy.send('S');
    expect(texts(session.path)).toEqual(['Q', 'one', 'R', 'two']);
  });
});

describe('a persona or defaults that cannot be read', () => {
  const persona = { id: 'p', name: 'P', icon: '', createdAt: 1, updatedAt: 1, settings: { systemPrompt: 'be P' } };
  const refusal = (): FailureError => new FailureError({ kind: 'storage-unavailable', technical: 'the disk is gone' });

  it('are told, and nothing is sent without them: the question goes out with them at the next try', async () => {
    let broken = true;
    const { parts, lastRequest, client } = begin(saying('ok'));
    const session = new ChatSession({
      ...parts,
      settings: {
        ...parts.settings,
        personaOf: () => (broken ? Promise.reject(refusal()) : Promise.resolve(persona)),
      },
    });
    await session.choosePersona('p');
    expect(session.failure).toMatchObject({ kind: 'settings-unreadable', technical: 'the disk is gone' });
    session.draft = 'Q';
    await session.send('Q');
    expect(session.failure).toMatchObject({ kind: 'settings-unreadable' });
    expect([session.draft, session.path, session.phase, client.requests]).toEqual(['Q', [], 'idle', []]);
    broken = false;
    await session.send('Q');
    expect(session.failure).toBeNull();
    expect(lastRequest().turns[0]).toEqual({ role: 'system', content: 'be P' });
  });

  it('hold for the defaults, too, which are not overwritten as if they were empty', async () => {
    let broken = true;
    const { parts, lastRequest } = begin(saying('ok'));
    const store = {
      read: () => (broken ? Promise.reject(refusal()) : Promise.resolve({ systemPrompt: 'always' })),
      write: () => Promise.resolve(),
    };
    const session = new ChatSession({ ...parts, settings: { defaults: new AnswerDefaults(store) } });
    session.draft = 'Q';
    await session.send('Q');
    expect(session.failure).toMatchObject({ kind: 'settings-unreadable' });
    expect([session.draft, session.path]).toEqual(['Q', []]);
    broken = false;
    await session.send('Q');
    expect(lastRequest().turns[0]).toEqual({ role: 'system', content: 'always' });
  });

  it('are no obstacle for the Guide, which is asked without any', async () => {
    const { parts, lastRequest } = begin(saying('ok'), {
      model: { source: { kind: 'built-in', path: 'guide', sha256: '' } },
    });
    const store = { read: () => Promise.reject(refusal()), write: () => Promise.resolve() };
    const session = new ChatSession({ ...parts, settings: { defaults: new AnswerDefaults(store) } });
    await session.send('Q');
    expect(lastRequest().turns).toEqual([{ role: 'user', content: 'Q' }]);
  });
});

describe('an answer that is thrown out of its course', () => {
  const cut = { state: 'interrupted', text: '' };

  it.each<[string, (parts: AnsweringSession) => void]>([
    [
      'by what is told of it',
      ({ session, parts }) => {
        vi.spyOn(parts.channel, 'announce').mockImplementationOnce(() => {
          throw new Error('the channel is closed');
        });
        expect(session.phase).toBe('idle');
      },
    ],
    ['by the engine', ({ client }) => void vi.spyOn(client, 'generate').mockRejectedValueOnce(new Error('no worker'))],
  ])('%s: it counts as cut off, on the screen and in the store, and the next one is written', async (_, upset) => {
    const begun = begin(saying('fine'));
    const { session, parts } = begun;
    upset(begun);
    await session.send('Q');
    expect(session.failure).toMatchObject({ kind: 'unexpected' });
    expect(session.phase).toBe('idle');
    expect(lastAnswer(session.path)).toMatchObject(cut);
    const stored = await parts.repository.read(session.conversationId ?? '');
    expect(stored?.messages.find(({ role }) => role === 'assistant')).toMatchObject(cut);
    // What another tab writes is seen again: nothing is being written here.
    const again = new ChatSession(parts);
    await again.open(session.conversationId ?? '');
    await again.send('And?');
    await session.refresh();
    expect(texts(session.path)).toEqual(['Q', '', 'And?', 'fine']);
  });
});

import { describe, expect, it } from 'vitest';
import type { ContextPolicy } from '../../src/shared/domain/chat-settings';
import type { AnswerMessage, ContextTreatment, Message } from '../../src/shared/domain/conversation';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { estimateOf, promptSize } from '../../src/chat/context/prompt-size';
import { turnsOf } from '../../src/chat/prompt';
import { preparePrompt } from '../../src/chat/context/prepare-prompt';
import type { PromptJob } from '../../src/chat/context/prompt-job';
import { guessedMedia } from '../../src/chat/context/turn-media';
import { scriptedModel } from '../fixtures/scripted-session';
import { turnsLeftOut } from '../fixtures/turns-left-out';

const words = (count: number, word = 'word'): string => Array.from({ length: count }, () => word).join(' ');
const countWords = (turns: readonly ChatTurn[]): number =>
  turns.reduce((sum, { content }) => sum + content.split(/\s+/).filter(Boolean).length, 0);

function conversation(exchanges: number, wordsEach: number): Message[] {
  const base = { conversationId: 'c', createdAt: 1 };
  return Array.from({ length: exchanges }, (_, index): Message[] => [
    { ...base, role: 'user', id: `q${index}`, parentId: null, text: words(wordsEach, `q${index}`) },
    {
      ...base,
      role: 'assistant',
      id: `a${index}`,
      parentId: `q${index}`,
      text: words(wordsEach, `a${index}`),
      state: 'whole',
      modelId: 'm',
      modelName: 'M',
    },
  ]).flat();
}
const asked = (branch: readonly Message[], count = 10): Message[] => [
  ...branch,
  { role: 'user', id: 'now', conversationId: 'c', parentId: null, createdAt: 2, text: words(count, 'now') },
];

const job = (branch: readonly Message[], policy: ContextPolicy, more: Partial<PromptJob> = {}): PromptJob => ({
  branch,
  continued: false,
  modelId: 'm',
  parts: {},
  policy,
  maxTokens: 50,
  ...more,
});

const asks: string[] = [];
const tools = (contextTokens: number, counts = true) => ({
  contextTokens,
  count: (turns: readonly ChatTurn[]) => Promise.resolve(counts ? countWords(turns) : null),
  write: (turns: readonly ChatTurn[]) => {
    asks.push(turns[0]?.content ?? '');
    return Promise.resolve({ ok: true as const, value: 'They spoke of many things.' });
  },
});
const textsOf = (turns: readonly ChatTurn[]): string[] => turns.map(({ content }) => content.split(' ')[0] ?? '');

describe('a conversation that fits', () => {
  it.each(['stop', 'drop-oldest', 'summarise'] as const)('is sent whole: %s', async (policy) => {
    const branch = asked(conversation(3, 10));
    const prompt = await preparePrompt(job(branch, policy), tools(200));
    expect(prompt).toEqual({ ok: true, value: { turns: expect.objectContaining({ length: 7 }) as unknown } });
  });
});

describe('a conversation that has outgrown the window', () => {
  const branch = asked(conversation(10, 20));

  it('is not sent where the person wants it to stop there', async () => {
    const prompt = await preparePrompt(job(branch, 'stop'), tools(200));
    expect(prompt).toMatchObject({
      ok: false,
      failure: { kind: 'context-exceeded', numbers: { promptTokens: 410, contextTokens: 200 } },
    });
  });

  it('loses its oldest turns, whole exchanges, and tells how many', async () => {
    const prompt = await preparePrompt(job(branch, 'drop-oldest'), tools(200));
    if (!prompt.ok) throw new Error('failed');
    const { turns, context } = prompt.value;
    expect(turns[0]?.role).toBe('user');
    expect(turns.at(-1)?.content).toContain('now');
    expect(countWords(turns)).toBeLessThanOrEqual(150);
    expect(context).toEqual({ kind: 'dropped', turns: branch.length - turns.length });
  });

  it('keeps the system prompt', async () => {
    const parts = { systemPrompt: words(20, 'system') };
    const prompt = await preparePrompt(job(branch, 'drop-oldest', { parts }), tools(200));
    expect(prompt.ok && prompt.value.turns[0]).toEqual({ role: 'system', content: parts.systemPrompt });
  });

  it('goes on from the cut of the answer before, while that still does', async () => {
    const first = await preparePrompt(job(branch, 'drop-oldest'), tools(200));
    const context = first.ok ? first.value.context : undefined;
    const answered: AnswerMessage = {
      ...(conversation(1, 10)[1] as AnswerMessage),
      context: context as ContextTreatment,
    };
    const next = await preparePrompt(job(asked([...branch, answered], 5), 'drop-oldest'), tools(200));
    expect(next.ok && next.value.context).toEqual(context);
  });

  it('is summarized by the model, which is told with the answer', async () => {
    asks.length = 0;
    const prompt = await preparePrompt(job(asked(conversation(10, 200)), 'summarise'), tools(2000));
    if (!prompt.ok) throw new Error('failed');
    const { turns, context } = prompt.value;
    expect(turns[0]).toEqual({
      role: 'system',
      content: expect.stringContaining('They spoke of many things.') as string,
    });
    expect(context).toMatchObject({ kind: 'summarised', summary: 'They spoke of many things.' });
    expect(asks.join()).toContain('q0');
    expect(asks.join()).not.toContain('now');
    // Each part fits the window, too.
    for (const ask of asks) expect(ask.split(/\s+/).length).toBeLessThan(2000);
    expect(turns.length - 1 + turnsLeftOut(context)).toBe(21);
  });

  it('is not summarized again while the summary does', async () => {
    const long = asked(conversation(10, 200));
    const first = await preparePrompt(job(long, 'summarise'), tools(2000));
    const context = first.ok ? first.value.context : undefined;
    asks.length = 0;
    const answered: AnswerMessage = {
      ...(conversation(1, 20)[1] as AnswerMessage),
      context: context as ContextTreatment,
    };
    const next = await preparePrompt(job(asked([...long, answered], 5), 'summarise'), tools(2000));
    expect(asks).toEqual([]);
    expect(next.ok && next.value.context).toEqual(context);
  });

  it('tells why it could not be summarized', async () => {
    const failure = { kind: 'engine-crashed', technical: 'x' } as const;
    const write = () => Promise.resolve({ ok: false as const, failure });
    const prompt = await preparePrompt(job(asked(conversation(10, 200)), 'summarise'), { ...tools(2000), write });
    expect(prompt).toEqual({ ok: false, failure });
  });

  it.each(['drop-oldest', 'summarise'] as const)('fails where the question alone is too long: %s', async (policy) => {
    const prompt = await preparePrompt(job(asked(conversation(2, 10), 500), policy), tools(200));
    expect(prompt).toMatchObject({ ok: false, failure: { kind: 'context-exceeded' } });
  });

  it('keeps an answer that is continued, and its question', async () => {
    const continued = conversation(10, 20);
    const prompt = await preparePrompt(job(continued, 'drop-oldest', { continued: true }), tools(200));
    expect(prompt.ok && textsOf(prompt.value.turns).slice(-2)).toEqual(['q9', 'a9']);
  });
});

describe('a conversation with answers that were stopped before their first word', () => {
  const base = { conversationId: 'c', parentId: null, createdAt: 1 };
  const stopped = (id: string): Message[] => [
    { ...base, role: 'user', id: `s${id}`, text: words(20, `s${id}`) },
    {
      ...base,
      role: 'assistant',
      id: `n${id}`,
      text: '',
      state: 'whole',
      finishReason: 'cancelled',
      modelId: 'm',
      modelName: 'M',
    },
  ];
  const branch = asked([
    ...conversation(3, 20),
    ...stopped('0'),
    ...conversation(3, 20),
    ...stopped('1'),
    ...stopped('2'),
  ]);

  it.each(['drop-oldest', 'summarise'] as const)(
    'is cut where a question begins, and tells how many messages: %s',
    async (policy) => {
      for (let window = 150; window < 500; window += 10) {
        const prompt = await preparePrompt(job(branch, policy, { maxTokens: 10 }), tools(window));
        if (!prompt.ok) continue;
        const { turns, context } = prompt.value;
        const said = turns.filter(({ role }) => role !== 'system');
        expect(said.map(({ role }) => role)).toEqual(said.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')));
        const left = branch.slice(turnsLeftOut(context));
        expect(countWords(said)).toBe(
          left.reduce((sum, { text }) => sum + text.split(/\s+/).filter(Boolean).length, 0),
        );
        expect(left[0]?.role).toBe('user');
      }
    },
  );

  it('goes on from the cut of the answer before', async () => {
    const first = await preparePrompt(job(branch, 'drop-oldest'), tools(250));
    const context = first.ok ? first.value.context : undefined;
    expect(turnsLeftOut(context)).toBeGreaterThan(0);
    const answered = { ...(conversation(1, 10)[1] as AnswerMessage), context: context as ContextTreatment };
    const next = await preparePrompt(job(asked([...branch, answered], 5), 'drop-oldest'), tools(250));
    expect(next.ok && next.value.context).toEqual(context);
  });

  it('lets go of an opening of the other side before anything else', async () => {
    const opened = asked([{ ...(conversation(1, 200)[1] as AnswerMessage) }], 20);
    expect((await preparePrompt(job(opened, 'drop-oldest'), tools(1000))).ok).toBe(true);
    const prompt = await preparePrompt(job(opened, 'drop-oldest'), tools(100));
    expect(prompt).toMatchObject({
      ok: true,
      value: { turns: [{ role: 'user' }], context: { kind: 'dropped', turns: 1 } },
    });
  });
});

describe('the size of a prompt whose engine cannot count', () => {
  it('is not taken from an answer that was stopped before anything was read', () => {
    const [asked1, answered1] = conversation(1, 400) as [Message, AnswerMessage];
    const zero = { promptTokens: 0, reusedTokens: 0, completionTokens: 0, timeToFirstTokenMs: 0, decodeMs: 0 };
    const branch = [asked1, { ...answered1, text: '', figures: zero }];
    expect(promptSize(branch, turnsOf(branch), 'm').tokens).toBeGreaterThan(200);
  });

  it('takes what a model makes of words for words alone', () => {
    const [question, answer] = conversation(1, 100) as [Message, AnswerMessage];
    const figures = { promptTokens: 9, reusedTokens: 0, completionTokens: 900, timeToFirstTokenMs: 0, decodeMs: 0 };
    const branch = asked([question, { ...answer, figures, context: { kind: 'dropped', turns: 1 } }]);
    const turns = turnsOf(branch);
    const media = [{ kind: 'picture', blob: new Blob(), tokens: 500 }] as const;
    const sizeOf = (of: readonly ChatTurn[]): number => promptSize(branch, of, 'm').tokens;
    expect(sizeOf(turns)).toBeGreaterThan(estimateOf(turns) * 2);
    expect(sizeOf(turns.map((turn, index) => (index === 0 ? { ...turn, media } : turn))) - sizeOf(turns)).toBe(500);
  });
});

describe('where the engine cannot count', () => {
  it('a guess that is not far off is left to the engine', async () => {
    // About 1.1 times the window by the guess.
    const branch = asked(conversation(4, 20));
    expect((await preparePrompt(job(branch, 'stop'), tools(230, false))).ok).toBe(true);
    expect((await preparePrompt(job(branch, 'stop'), tools(60, false))).ok).toBe(false);
  });

  it('what the engine said when it refused is believed', async () => {
    const branch = asked(conversation(10, 20));
    const thought = await preparePrompt(job(branch, 'drop-oldest'), tools(2000, false));
    expect(thought.ok && thought.value.context).toBeUndefined();
    const prompt = await preparePrompt(job(branch, 'drop-oldest'), { ...tools(2000, false), refused: 4000 });
    if (!prompt.ok) throw new Error('failed');
    expect(prompt.value.context).toMatchObject({ kind: 'dropped' });
    expect(prompt.value.turns.length).toBeLessThan(11);
  });
});

describe('pictures in a conversation that has outgrown the window', () => {
  /** About 402 tokens each: 25 in a row, 16 rows, and two around. */
  const picture = { width: 800, height: 512 };
  const pictured = (id: string): Message => ({
    role: 'user',
    id,
    conversationId: 'c',
    parentId: null,
    createdAt: 1,
    text: `what is on ${id}`,
    attachments: [
      {
        id: `file ${id}`,
        name: `${id}.png`,
        mediaType: 'image/png',
        bytes: 1,
        usedCharacters: 0,
        textCharacters: 0,
        picture,
      },
    ],
  });
  const answered = conversation(1, 10)[1] as AnswerMessage;
  const branch = [pictured('p0'), answered, pictured('p1'), answered, pictured('p2'), answered, pictured('p3')];
  const shown = (turns: readonly ChatTurn[]): number[] => turns.map(({ media = [] }) => media.length);
  const seeing = { loaded: null, chosen: { ...scriptedModel, senses: { sees: true, hears: false } } };
  const prepared = (branch: readonly Message[], window: number) =>
    preparePrompt(job(branch, 'drop-oldest', { parts: { media: guessedMedia(seeing) } }), {
      ...tools(window),
      count: () => Promise.resolve(null),
    });
  const promptOf = async (branch: readonly Message[], window: number) => {
    const prompt = await prepared(branch, window);
    if (!prompt.ok) throw new Error(prompt.failure.kind);
    return prompt.value;
  };

  it('are all there while they fit', async () => {
    const { turns, context } = await promptOf(branch, 2400);
    expect(shown(turns)).toEqual([1, 0, 1, 0, 1, 0, 1]);
    expect(context).toBeUndefined();
  });

  it('leave before words do, the oldest first, and a line tells the model of each', async () => {
    const { turns, context } = await promptOf(branch, 1700);
    expect(shown(turns)).toEqual([0, 0, 0, 0, 1, 0, 1]);
    expect(context).toEqual({ kind: 'pictures-dropped', pictures: 2 });
    expect(turns[0]?.content).toBe('Picture "p0.png" is not shown to this model.\n\nwhat is on p0');
  });

  it('stay left out while what was left out does', async () => {
    const { context } = await promptOf(branch, 1700);
    const later = [...branch, { ...answered, context: context as ContextTreatment }, ...asked([], 5)];
    const { turns, context: again } = await promptOf(later, 1700);
    expect(again).toEqual(context);
    expect(shown(turns).slice(0, 5)).toEqual([0, 0, 0, 0, 1]);
  });

  it('of the last question stay, while words before it go', async () => {
    const { turns, context } = await promptOf([...conversation(10, 200), ...branch.slice(0, 3)], 1200);
    expect(context).toMatchObject({ kind: 'dropped' });
    expect(turnsLeftOut(context)).toBeGreaterThan(0);
    expect(shown(turns).at(-1)).toBe(1);
  });

  it('of the last question alone may be too much', async () => {
    expect(await prepared(branch, 300)).toMatchObject({ ok: false, failure: { kind: 'context-exceeded' } });
  });
});

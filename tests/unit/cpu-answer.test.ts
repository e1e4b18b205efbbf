// @vitest-environment node
/** Answers of the CPU engine, by the Guide itself: prompts, limits, stops, forms, guesses, and what is known of a conversation. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChatTurn, GenerationRequest } from '../../src/shared/protocol/engine';
import { FailureError } from '../../src/shared/protocol/failure';
import { CpuEngine } from '../../workers/engine/cpu/cpu-engine';
import type { EngineResult } from '../../workers/engine/engine';
import type { FileContent } from '../../workers/file-content';
import { readContents } from '../../workers/gguf/gguf-contents';

const contentOf = (bytes: Uint8Array<ArrayBuffer>): FileContent => ({
  size: bytes.length,
  slice: (start = 0, end = bytes.length) => contentOf(bytes.subarray(start, end)),
  arrayBuffer: () => Promise.resolve(bytes.slice().buffer),
});

const guide = contentOf(new Uint8Array(readFileSync('public/models/guide.gguf')));
const engine = new CpuEngine();
const never = new AbortController().signal;

beforeAll(async () => {
  // The grammar library asks where it is, in the way of a worker; and Node 20 does not say how many cores there are.
  vi.stubGlobal('location', new URL(import.meta.url));
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  const files = [{ path: 'guide.gguf', content: guide }];
  const request = { modelId: 'guide', engine: 'cpu', files, contextTokens: 1024, threads: 1 } as const;
  expect(await engine.load(request, () => undefined, never)).toMatchObject({
    engine: 'cpu',
    backend: 'cpu',
    threads: 1,
    contextTokens: 1024,
  });
});
afterAll(() => engine.unload());

const user = (content: string): ChatTurn => ({ role: 'user', content });
const assistant = (content: string): ChatTurn => ({ role: 'assistant', content });
const question = user('How do I delete my chats?');

interface Asked extends EngineResult {
  readonly text: string;
  readonly tokens: number;
}

async function ask(
  turns: readonly ChatTurn[],
  sampling: GenerationRequest['sampling'] = { temperature: 0, maxTokens: 120 },
  {
    signal = never,
    onToken,
    onPrompt,
    reuseCache,
  }: { signal?: AbortSignal; onToken?: () => void; onPrompt?: () => void; reuseCache?: boolean } = {},
): Promise<Asked> {
  let text = '';
  let tokens = 0;
  const sink = {
    token: (piece: string): void => {
      text += piece;
      tokens += 1;
      onToken?.();
    },
    prefillProgress: (processed: number): void => void (processed > 0 && onPrompt?.()),
  };
  const request = { jobId: 'a', turns, sampling, ...(reuseCache !== undefined && { reuseCache }) };
  return { ...(await engine.generate(request, sink, signal)), text, tokens };
}

describe('an answer', () => {
  it('ends by itself, and its prompt has as many tokens as are counted', async () => {
    const answer = await ask([question], undefined, { reuseCache: false });
    expect(answer).toMatchObject({ finishReason: 'stop', reusedTokens: 0 });
    expect(answer.text).toContain('Delete');
    expect(answer.promptTokens).toBe(await engine.countTokens([question]));
  });

  it('ends at the count of tokens that was asked for', async () => {
    const whole = await ask([question]);
    const cut = await ask([question], { temperature: 0, maxTokens: 7 });
    expect(cut).toMatchObject({ finishReason: 'length', tokens: 7 });
    expect(whole.text.startsWith(cut.text)).toBe(true);
  });

  it('goes on where it was cut', async () => {
    const whole = await ask([question]);
    const cut = await ask([question], { temperature: 0, maxTokens: 7 });
    const rest = await ask([question, assistant(cut.text)]);
    expect(cut.text + rest.text).toBe(whole.text);
  });

  it('ends before a stop string, which may lie across tokens', async () => {
    const whole = (await ask([question])).text;
    const middle = Math.floor(whole.length / 2);
    const stop = whole.slice(middle, middle + 9);
    const stopped = await ask([question], { temperature: 0, stop: [stop] });
    expect(stopped).toMatchObject({ finishReason: 'stop', text: whole.slice(0, whole.indexOf(stop)) });
  });

  it('shows what may have been the beginning of a stop string when it ends before that', async () => {
    const whole = await ask([question], { temperature: 0, maxTokens: 9 });
    const stop = `${whole.text.slice(-3)} and something else`;
    expect((await ask([question], { temperature: 0, maxTokens: 9, stop: [stop] })).text).toBe(whole.text);
  });

  it('is the same for the same seed, and others come of other seeds', async () => {
    const drawn = async (seed: number): Promise<string> =>
      (await ask([user('hello')], { temperature: 3, seed, maxTokens: 24 })).text;
    expect(await drawn(1)).toBe(await drawn(1));
    expect(new Set([await drawn(1), await drawn(2), await drawn(3)]).size).toBeGreaterThan(1);
  });

  it('leaves out what a bias forbids and says what it forces, named by text or by token id', async () => {
    const { text } = await ask([question]);
    expect(text).toContain('Delete');
    const without = await ask([question], {
      temperature: 0,
      maxTokens: 120,
      logitBias: { Delete: -100, ' Delete': -100 },
    });
    expect(without.text).not.toContain('Delete');
    expect((await ask([question], { temperature: 0, maxTokens: 3, logitBias: { Z: 100 } })).text).toBe('ZZZ');
    const forced = (await ask([question], { temperature: 0, maxTokens: 2, logitBias: { '65': 100 } })).text;
    expect(forced).toMatch(/^(.+)\1$/s);
    expect(text.startsWith(forced)).toBe(false);
  });

  it('is JSON where that is wanted', async () => {
    const schema = JSON.stringify({
      type: 'object',
      properties: { name: { type: 'string', maxLength: 8 }, size: { enum: ['small', 'large'] } },
      required: ['name', 'size'],
      additionalProperties: false,
    });
    const answer = await ask([question], { temperature: 0, maxTokens: 200, jsonSchema: schema });
    expect(answer.finishReason).toBe('stop');
    expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(['name', 'size']);
  });

  it('is guessed ahead where it repeats itself, and is no other for that', async () => {
    const line = 'To delete a chat, open it and choose Delete. Undo brings it back.';
    const turns = [user(`${line} ${line} ${line}`)];
    const forced: GenerationRequest['sampling'] = { temperature: 0, maxTokens: 60, repeatPenalty: 1 };
    const guessed = await ask(turns, forced);
    const { guessedTokens = 0 } = guessed;
    expect(guessedTokens).toBeGreaterThanOrEqual(0);
    expect((await ask(turns, forced, { reuseCache: false })).text).toBe(guessed.text);
  });
});

describe('what is known of a conversation', () => {
  it('is not read again for the next question', async () => {
    const first = await ask([question], undefined, { reuseCache: false });
    const turns = [question, assistant(first.text), user('And how do I export them?')];
    const next = await ask(turns);
    expect(next.reusedTokens).toBeGreaterThan(first.promptTokens);
    expect(next.promptTokens + next.reusedTokens).toBe(await engine.countTokens(turns));
    expect((await ask(turns, undefined, { reuseCache: false })).text).toBe(next.text);
  });

  it('is there again after another conversation', async () => {
    const long = user('What can Sotto do for me? '.repeat(30));
    const first = await ask([long], undefined, { reuseCache: false });
    await ask([user('你好，怎么导出对话？'.repeat(30))]);
    const again = await ask([long]);
    expect(again.text).toBe(first.text);
    expect(again.promptTokens).toBe(1);
  });
});

describe('a stop', () => {
  it.each(['the prompt', 'the answer'])('in the middle of %s is heard within 50 ms', async (phase) => {
    const abort = new AbortController();
    let stoppedAt = 0;
    const stop = (): void => {
      stoppedAt = performance.now();
      abort.abort();
    };
    const turns = [user(phase === 'the prompt' ? 'A long question about models. '.repeat(60) : 'hello')];
    const { finishReason } = await ask(
      turns,
      { temperature: 0, maxTokens: 200 },
      {
        signal: abort.signal,
        reuseCache: false,
        ...(phase === 'the prompt' && { onPrompt: () => void (stoppedAt === 0 && stop()) }),
        ...(phase === 'the answer' && { onToken: () => void (stoppedAt === 0 && stop()) }),
      },
    );
    expect(finishReason).toBe('cancelled');
    expect(performance.now() - stoppedAt).toBeLessThan(50);
    expect((await ask([question])).text).toContain('Delete');
  });
});

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof FailureError ? error.failure : error),
  );

describe('what cannot be answered', () => {
  it('is told with its size: a prompt of 100,000 tokens', async () => {
    const failure = await failureOf(ask([user('word and word '.repeat(50_000))]));
    expect(failure).toMatchObject({ kind: 'context-exceeded', numbers: { contextTokens: 1024 } });
    expect((await ask([question])).text).toContain('Delete');
  });

  it.each([
    ['a schema that is none', { jsonSchema: '{"type":"nothing"}' }, 'schema-invalid'],
    ['a bias of no number', { logitBias: { a: Number.NaN } }, 'request-invalid'],
    ['a bias of a token that there is not', { logitBias: { '1000000': 1 } }, 'request-invalid'],
    ['a temperature of no number', { temperature: Number.NaN }, 'request-invalid'],
  ])('is named: %s', async (_, sampling, kind) => {
    expect(await failureOf(ask([question], sampling))).toMatchObject({ kind });
    expect((await ask([question])).text).toContain('Delete');
  });

  it('is what has no model', async () => {
    expect(await failureOf(new CpuEngine().countTokens([question]))).toMatchObject({ kind: 'model-not-loaded' });
  });
});

describe('a measurement', () => {
  it('evaluates exactly as many tokens as it says', async () => {
    expect(await engine.measurePrefill(65)).toMatchObject({ tokens: 65, cachedTokens: 0 });
    const { timestamps, depthTokens } = await engine.measureDecode(12, { depth: 33 });
    expect(timestamps).toHaveLength(12);
    expect(depthTokens).toBe(33);
    expect([...timestamps].sort((a, b) => a - b)).toEqual(timestamps);
  });

  it('leaves the conversation for later', async () => {
    const long = user('Is Sotto private? '.repeat(40));
    await ask([long], undefined, { reuseCache: false });
    await engine.measurePrefill(64);
    expect((await ask([long])).promptTokens).toBe(1);
  });
});

describe('a model whose numbers are none', () => {
  it('says so wherever they are wanted, and another model can be loaded', async () => {
    const whole = readFileSync('public/models/guide.gguf');
    const { tensors } = await readContents([contentOf(new Uint8Array(whole))]);
    const norm = tensors.get('output_norm.weight');
    const weights = new Uint8Array((await norm?.content.arrayBuffer()) ?? new ArrayBuffer());
    const broken = new Uint8Array(whole);
    broken.fill(0xff, whole.indexOf(weights), whole.indexOf(weights) + weights.length);

    const files = [{ path: 'broken.gguf', content: contentOf(broken) }];
    const other = new CpuEngine();
    await other.load({ modelId: 'broken', engine: 'cpu', files, threads: 1 }, () => undefined, never);
    const sink = { token: () => undefined, prefillProgress: () => undefined };
    for (const work of [
      () => other.generate({ jobId: 'a', turns: [question], sampling: {} }, sink, never),
      () => other.embed(['a text'], 'mean', never),
      () => other.measurePrefill(8),
      () => other.measureDecode(4),
    ])
      expect(await failureOf(work())).toMatchObject({ kind: 'model-not-finite' });
    await other.unload();
    expect((await ask([question])).text).toContain('Delete');
  });
});

/** Answers of our WebLLM engine, against a package that behaves as documented, faults included. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { deepseek, llama3, qwen35 } from '../fixtures/mlc-config';
import { mlcFiles } from '../fixtures/mlc-files';
import { type BenchOptions, WebLlmBench } from '../fixtures/webllm-bench';
import { failureOf, valueOf } from '../fixtures/outcomes';

let bench: WebLlmBench | undefined;
afterEach(() => bench?.restore());

async function loaded(options: BenchOptions = {}): Promise<WebLlmBench> {
  bench = new WebLlmBench(options);
  valueOf(await bench.load());
  return bench;
}

const user = (content: string): ChatTurn => ({ role: 'user', content });
const answer = (content: string): ChatTurn => ({ role: 'assistant', content });
const words = (count: number, word: string): string => `${word} `.repeat(count).trim();

describe('an answer', () => {
  it('comes token by token, the silent ones counted', async () => {
    const running = await loaded({ answers: [['Hello', { hidden: '\ufffd' }, ' world', '!']] });
    const given = valueOf(await running.ask());
    expect(given.tokens).toEqual(['Hello', '', '\ufffd world', '!', '']);
    expect(given).toMatchObject({ finishReason: 'stop', promptTokens: 2, reusedTokens: 0 });
  });

  it('is neutral unless told otherwise, whatever the config of the model recommends', async () => {
    const running = await loaded();
    await running.ask();
    expect(running.fake.requests[0]).toMatchObject({
      temperature: 1,
      top_p: 1,
      repetition_penalty: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      stream: true,
    });
    const request: object = running.fake.requests[0] ?? {};
    for (const name of ['seed', 'max_tokens', 'stop', 'response_format', 'extra_body'])
      expect(request).not.toHaveProperty(name);
  });

  it('is asked for as it was wanted, within what WebLLM takes', async () => {
    const running = await loaded();
    const sampling = {
      temperature: 0,
      topP: 0,
      repeatPenalty: 1.1,
      presencePenalty: 9,
      frequencyPenalty: -9,
      seed: 7,
      maxTokens: 5,
      stop: ['END'],
      topK: 20,
      minP: 0.1,
    };
    await running.ask({ sampling });
    expect(running.fake.requests[0]).toMatchObject({
      temperature: 0,
      top_p: 1e-6,
      repetition_penalty: 1.1,
      presence_penalty: 2,
      frequency_penalty: -2,
      seed: 7,
      max_tokens: 5,
      stop: ['END'],
    });
  });

  it('has the bias of a text for each token of it, by the tokenizer of the model', async () => {
    const running = await loaded();
    await running.ask({ sampling: { logitBias: { a: -100, 'hello there': 3, '7': 5 } } });
    // To the tokenizer here, a letter is its code, and any other word its place in the text.
    expect(running.fake.requests[0]).toMatchObject({ logit_bias: { '97': -100, '0': 3, '1': 3, '7': 5 } });
    expect(failureOf(await running.ask({ sampling: { logitBias: { '1000000': 1 } } })).kind).toBe('request-invalid');
    expect(running.fake.requests).toHaveLength(1);
  });

  it('ends at maxTokens, and at a full window', async () => {
    const running = await loaded({ answers: [Array<string>(50).fill('a ')], contextTokens: 20 });
    expect(valueOf(await running.ask({ sampling: { maxTokens: 3 } }))).toMatchObject({ finishReason: 'length' });
    expect(valueOf(await running.ask())).toMatchObject({ finishReason: 'context-full' });
  });

  it('never shows part of a stop string', async () => {
    const running = await loaded({ answers: [['one', ' #', '#', '#', ' more']] });
    const given = valueOf(await running.ask({ sampling: { stop: ['###'] } }));
    expect(given).toMatchObject({ text: 'one ', finishReason: 'stop' });
    expect(given.tokens).toHaveLength(4);
  });

  it('is told not to be sent where it does not fit, with both numbers', async () => {
    const running = await loaded({ contextTokens: 10 });
    expect(failureOf(await running.ask({ turns: [user(words(30, 'a'))] }))).toMatchObject({
      kind: 'context-exceeded',
      numbers: { promptTokens: 30, contextTokens: 10 },
    });
    expect(valueOf(await running.ask()).text).toBe('ok');
  });

  it.each([
    ['no turns', { turns: [] }, 'request-invalid'],
    ['a temperature that is none', { sampling: { temperature: NaN } }, 'request-invalid'],
    ['a schema that is none', { sampling: { jsonSchema: '{' } }, 'schema-invalid'],
    ['a schema that is a list', { sampling: { jsonSchema: '[]' } }, 'schema-invalid'],
  ] as const)('is refused for %s, before the package sees it', async (_, request, kind) => {
    const running = await loaded();
    expect(failureOf(await running.ask(request)).kind).toBe(kind);
    expect(running.fake.requests).toHaveLength(0);
  });
});

describe('thinking', () => {
  it('off: the empty thought is stripped, and room is made for it', async () => {
    const running = await loaded({ answers: [['Yes', '.']] });
    const given = valueOf(await running.ask({ thinking: 'off', sampling: { maxTokens: 50 } }));
    expect(given.text).toBe('Yes.');
    expect(running.fake.requests[0]).toMatchObject({ extra_body: { enable_thinking: false }, max_tokens: 54 });
  });

  it('on, and left to the model', async () => {
    const running = await loaded();
    await running.ask({ thinking: 'on' });
    await running.ask();
    expect(running.fake.requests[0]).toMatchObject({ extra_body: { enable_thinking: true } });
    expect(running.fake.requests[1]).not.toHaveProperty('extra_body');
  });

  it('is no word to a model that has none', async () => {
    const running = await loaded({ files: mlcFiles(llama3) });
    await running.ask({ thinking: 'off' });
    expect(running.fake.requests[0]).not.toHaveProperty('extra_body');
  });

  it('gets the opener that the template swallowed', async () => {
    const running = await loaded({ files: mlcFiles(qwen35), answers: [['so', '</think>', ' Yes']] });
    expect(valueOf(await running.ask()).text).toBe('<think>\nso</think> Yes');
    expect(valueOf(await running.ask({ thinking: 'off' })).text).toBe('so</think> Yes');
  });

  it('gives room to a form: the schema goes with the request', async () => {
    const running = await loaded();
    await running.ask({ thinking: 'on', sampling: { jsonSchema: '{"type":"object"}' } });
    expect(running.fake.requests[0]).toMatchObject({
      response_format: { type: 'json_object', schema: '{"type":"object"}' },
      extra_body: { enable_thinking: false },
    });
    await running.ask({ sampling: { jsonSchema: '' } });
    expect(running.fake.requests[1]).toMatchObject({ response_format: { type: 'json_object', schema: '{}' } });
  });
});

describe('a conversation', () => {
  it('goes on from the cache, and says how much was there', async () => {
    const running = await loaded({ answers: [['one', ' two'], ['three']] });
    await running.ask({ turns: [user('a b c')] });
    const given = valueOf(await running.ask({ turns: [user('a b c'), answer('one two'), user('d')] }));
    // The prompt and the answer; the token that ended it is not in the cache.
    expect(given).toMatchObject({ reusedTokens: 5, promptTokens: 1, text: 'three' });
    expect(running.fake.requests[1]).toMatchObject({ messages: [{}, {}, { name: '<|im_end|>\n<|im_start|>user' }] });
  });

  it.each([
    ['an answer that was stopped', { sampling: { maxTokens: 1 } }],
    ['a stop string, whose tokens are in the cache', { sampling: { stop: ['zzz'] } }],
  ])('is read again after %s', async (_, first) => {
    const running = await loaded({ answers: [['one'], ['three']] });
    await running.ask({ turns: [user('a b c')], ...first });
    const given = valueOf(await running.ask({ turns: [user('a b c'), answer('one'), user('d')] }));
    expect(given).toMatchObject({ reusedTokens: 0, promptTokens: 5 });
  });

  it('is read again where that is asked for', async () => {
    const running = await loaded({ answers: [['one'], ['three']] });
    await running.ask({ turns: [user('a b c')] });
    const again = { turns: [user('a b c'), answer('one'), user('d')], reuseCache: false };
    expect(valueOf(await running.ask(again))).toMatchObject({ reusedTokens: 0, promptTokens: 5 });
  });

  it('puts the system message first, and empties one that nobody wants', async () => {
    const running = await loaded();
    await running.ask({ turns: [user('a'), { role: 'system', content: 'S' }] });
    expect(running.fake.requests[0]).toMatchObject({ messages: [{ role: 'system', content: 'S' }, { role: 'user' }] });
    bench?.restore();
    const other = await loaded({ files: mlcFiles(deepseek) });
    await other.ask();
    expect(other.fake.requests[0]).toMatchObject({ messages: [{ role: 'system', content: '' }, { role: 'user' }] });
  });

  it('is counted by the tokenizer of the model, or not at all', async () => {
    const running = await loaded();
    expect(await running.engine.countTokens([user('one two three')])).toBeGreaterThan(3);
    bench?.restore();
    const bare = await loaded({ bare: true });
    expect(await bare.engine.countTokens([user('one two three')])).toBeNull();
  });
});

describe('an answer that was cut off', () => {
  it('goes on as text, written as the template wants it, and leaves a clean cache', async () => {
    const running = await loaded({ answers: [[' upon', ' a time'], ['next']] });
    const turns = [user('Tell $$me$$'), answer('Once')];
    expect(valueOf(await running.ask({ turns })).text).toBe(' upon a time');
    expect(running.fake.requests[0]).toMatchObject({
      prompt:
        '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nTell $$me$$<|im_end|>\n<|im_start|>assistant\nOnce',
    });
    expect(running.fake.resets).toBeGreaterThan(0);
    expect(valueOf(await running.ask()).reusedTokens).toBe(0);
  });

  it('brings the tokens that WebLLM puts before a conversation', async () => {
    const running = await loaded({ files: mlcFiles(llama3) });
    await running.ask({ turns: [user('a'), answer('b')] });
    // The fake tokenizer knows no such token: nothing is made up.
    expect(running.fake.requests[0]).toMatchObject({
      prompt: expect.stringMatching(/^<\|start_header_id\|>system/) as string,
    });
  });
});

describe('stopping', () => {
  it('leaves the stream; the next answer is whole', async () => {
    const running = await loaded({ answers: [Array<string>(50).fill('a '), ['fine']], delayMs: 5 });
    const stopped = valueOf(await running.ask({}, (count, cancel) => count === 3 && cancel()));
    expect(stopped).toMatchObject({ finishReason: 'cancelled', tokens: ['a ', 'a ', 'a '] });
    expect(valueOf(await running.ask()).text).toBe('fine');
  });

  it('does not wait for a token that takes long', async () => {
    const running = await loaded({ answers: [['a', { hangs: true }]] });
    const startedAt = performance.now();
    const stopped = valueOf(await running.ask({}, (_, cancel) => setTimeout(cancel, 20)));
    expect(stopped.finishReason).toBe('cancelled');
    expect(performance.now() - startedAt).toBeLessThan(300);
  });

  it('ends a long prompt between two pieces of it, of which it shows progress', async () => {
    const running = await loaded({ prefillChunkTokens: 200, delayMs: 10, answers: [['a'], ['fine']] });
    const long = { turns: [user(words(2000, 'word'))] };
    const whole = valueOf(await running.ask(long));
    expect(whole.progress.length).toBe(10);
    const total = whole.progress[0]?.[1] ?? 0;
    expect(total).toBeGreaterThanOrEqual(2000);
    expect(whole.progress.map(([processed]) => processed)).toEqual([
      200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000,
    ]);
    const before = running.fake.prefills.length;
    const other = { turns: [user(words(2000, 'other'))] };
    expect(valueOf(await running.ask(other, (count, cancel) => count === 0 && cancel())).finishReason).toBe(
      'cancelled',
    );
    expect(valueOf(await running.ask()).text).toBe('fine');
    // One piece was under way; the other nine were never given to the GPU.
    expect(running.fake.prefills.length - before).toBeLessThan(4);
  });
});

describe('a GPU that ends an answer', () => {
  it.each([
    ['out of memory in the middle', 'out of memory', 'gpu-lost'],
    ['hung', 'GPU hung and was reset', 'gpu-hung'],
    ['lost', 'the GPU process crashed', 'gpu-lost'],
  ] as const)('%s', async (_, message, kind) => {
    const running = await loaded({ answers: [['a', { hangs: true }]] });
    const asked = running.ask({}, (count) => count === 1 && running.gpu.device().lose(message));
    expect(failureOf(await asked).kind).toBe(kind);
    // The call told it: nobody is told twice.
    expect(running.losses).toEqual([]);
  });

  it('that is told in other words first', async () => {
    const running = await loaded({ answers: [['a', { throws: new Error('Object has already been disposed') }]] });
    const asked = running.ask({}, (count) => count === 1 && setTimeout(() => running.gpu.device().lose('gone'), 5));
    expect(failureOf(await asked)).toMatchObject({
      kind: 'gpu-lost',
      technical: expect.stringContaining('gone') as string,
    });
  });

  it('that says nothing more is given up after its time', async () => {
    const running = await loaded({
      answers: [['a', { hangs: true }]],
      patience: { hardwareMs: 150, softwareMs: 20_000 },
    });
    expect(failureOf(await running.ask()).kind).toBe('gpu-hung');
  });

  it('an odd error is a crash, and what came before it is kept', async () => {
    const running = await loaded({ answers: [['kept', { throws: new TypeError('x is not a function') }], ['fine']] });
    const tokens: number[] = [];
    expect(failureOf(await running.ask({}, (count) => void tokens.push(count)))).toMatchObject({
      kind: 'engine-crashed',
    });
    expect(tokens).toEqual([1]);
    expect(valueOf(await running.ask()).text).toBe('fine');
  });
});

describe('measuring', () => {
  it('takes exactly so many tokens, with an empty cache before and after', async () => {
    const running = await loaded();
    const prefill = await running.engine.measurePrefill(128);
    expect(prefill.tokens).toBe(128);
    expect(prefill.milliseconds).toBeGreaterThanOrEqual(0);
    const { timestamps } = await running.engine.measureDecode(5);
    expect(timestamps).toHaveLength(5);
    expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b));
    expect(running.fake.resets).toBe(4);
  });

  it('reads another prompt with each seed, from an empty cache, and tells the clock of the package', async () => {
    const running = await loaded({ delayMs: 5 });
    const first = await running.engine.measurePrefill(32, { seed: 1 });
    await running.engine.measurePrefill(32, { seed: 2 });
    const [one, two] = running.fake.steps;
    expect(one?.tokens).toHaveLength(32);
    expect(one?.tokens).not.toEqual(two?.tokens);
    expect(new Set(one?.tokens).size).toBeGreaterThan(10);
    expect(first).toMatchObject({ tokens: 32, cachedTokens: 0, engine: { promptTokens: 32, intervals: 0 } });
    expect(first.engine?.promptMs).toBeGreaterThan(4);
    expect(first.milliseconds).toBeGreaterThanOrEqual(first.engine?.promptMs ?? Infinity);
  });

  it('writes behind a prompt as long as wanted, each token told and stamped', async () => {
    const running = await loaded({ delayMs: 2 });
    const told: number[] = [];
    const measured = await running.engine.measureDecode(6, { depth: 100, onTokens: (tokens) => told.push(tokens) });
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
    expect(measured).toMatchObject({ depthTokens: 100, engine: { generatedTokens: 6, intervals: 5 } });
    const [start = 0, end = 0] = [measured.timestamps[0], measured.timestamps.at(-1)];
    expect(measured.engine?.decodeMs).toBeLessThanOrEqual(end - start);
    expect(measured.requestedAt).toBeLessThan(start);
    expect(running.fake.steps.map(({ tokens, isPrefill }) => [tokens.length, isPrefill])).toEqual([
      [100, true],
      ...Array<unknown>(5).fill([1, false]),
    ]);
  });

  it('takes the likeliest token, and leaves the config as it was', async () => {
    const running = await loaded();
    await running.engine.measureDecode(3);
    expect(running.fake.steps.map(({ temperature }) => temperature)).toEqual([0, 0, 0]);
    const [pipeline] = [...(running.fake.loadedModelIdToPipeline?.values() ?? [])];
    expect(pipeline).toMatchObject({ config: { temperature: 0.7, top_p: 0.8, repetition_penalty: 1.1 } });
    expect(Reflect.get(pipeline ?? {}, 'config')).not.toHaveProperty('presence_penalty');
  });

  it('ends when it is told to, and the GPU is free for what comes next', async () => {
    const running = await loaded({ delayMs: 5 });
    const abort = new AbortController();
    const onTokens = (tokens: number): void => void (tokens === 3 && abort.abort());
    await expect(running.engine.measureDecode(500, { signal: abort.signal, onTokens })).rejects.toThrow('aborted');
    expect((await running.engine.measureDecode(2)).timestamps).toHaveLength(2);
    expect(running.fake.steps.length).toBeLessThan(8);
  });

  it('tells what a token costs, and with which settings it runs', async () => {
    bench = new WebLlmBench();
    const { accounting, tuning } = valueOf(await bench.load());
    expect(accounting).toMatchObject({ activeBytes: 4096 + 8192, totalBytes: 4096 + 8192 });
    expect(tuning).toMatchObject({ batchTokens: 1024, cacheTypeK: 'f16' });
  });

  it.each([0, 1.5, 5000])('refuses %d tokens', async (tokens) => {
    const running = await loaded();
    await expect(running.engine.measurePrefill(tokens)).rejects.toThrow('request-invalid');
  });
});

describe('a package without its inner names', () => {
  it('still answers, stops and counts', async () => {
    const running = await loaded({ bare: true, answers: [['one', ' two']] });
    expect(valueOf(await running.ask())).toMatchObject({ text: 'one two', finishReason: 'stop', promptTokens: 2 });
    const stopped = valueOf(await running.ask({}, (count, cancel) => count === 1 && cancel()));
    expect(stopped.finishReason).toBe('cancelled');
  });
});

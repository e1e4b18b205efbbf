/** The page's engine client and the real server worker against a server that behaves as each of the five, and misbehaves. */
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { wrap } from 'comlink';
import engineWorkerUrl from '../../workers/engine.worker.ts?worker&url';
import serverWorkerUrl from '../../workers/server.worker.ts?worker&url';
import impatientWorkerUrl from '../fixtures/impatient-server.worker.ts?worker&url';
import guardWorkerUrl from '../fixtures/server-guard.worker.ts?worker&url';
import { EngineClient } from '../../src/engine/engine-client';
import { toBase64 } from '../../src/shared/platform/base64';
import { withDatabase } from '../../src/shared/platform/database-connection';
import { ledgerDatabase } from '../../src/shared/platform/request-log';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import type { ServerConnection, ServerKind } from '../../src/shared/domain/server';
import type { GenerationRequest, LoadRequest } from '../../src/shared/protocol/engine';
import { loadJobId } from '../../src/shared/protocol/engine';
import type { Failure } from '../../src/shared/protocol/failure';
import type { ServerApi } from '../../src/shared/protocol/server';
import type { Fault, KnownKind, LoggedRequest } from '../fixtures/model-server/fault';
import { plainPng, toneWav } from '../fixtures/media-files';
import { ServerControl } from '../fixtures/model-server/server-control';

const server = new ServerControl(inject('modelServers').added);
const stranger = new ServerControl(inject('modelServers').stranger);
const host = new URL(server.origin).host;

const clients: EngineClient[] = [];

function newClient(workerUrl = impatientWorkerUrl): EngineClient {
  const client = new EngineClient(() => startWorker(engineWorkerUrl, 'engine'));
  client.startServerWorker = () => startWorker(workerUrl, 'server');
  clients.push(client);
  return client;
}

beforeEach(async () => {
  await server.become({ kind: 'llama-server' });
  await stranger.become({ kind: 'llama-server' });
});

afterEach(() => {
  for (const client of clients.splice(0)) client.terminate();
});

const connection = (kind: ServerKind, more: Partial<ServerConnection> = {}): ServerConnection => ({
  kind,
  address: server.address,
  model: 'small',
  ...more,
});
const loadOf = (kind: ServerKind, more: Partial<ServerConnection> = {}): LoadRequest => ({
  modelId: 'served',
  engine: 'server',
  files: [],
  server: connection(kind, more),
});

/** A client with a model of the server, which is of that kind by now. */
async function loaded(kind: KnownKind = 'llama-server', workerUrl = impatientWorkerUrl): Promise<EngineClient> {
  const client = newClient(workerUrl);
  const result = await client.load(loadOf(kind));
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.technical}`);
  return client;
}

async function generate(client: EngineClient, more: Partial<GenerationRequest> = {}) {
  let text = '';
  const request: GenerationRequest = {
    jobId: 'job',
    turns: [{ role: 'user', content: 'Count to twelve' }],
    sampling: {},
    ...more,
  };
  const result = await client.generate(request, (event) => {
    if (event.type === 'text') text += event.text;
  });
  return { result, text };
}

const counted = (count: number): string => Array.from({ length: count }, (_, index) => `${index + 1} `).join('');

const asked = async (from = server): Promise<readonly LoggedRequest[]> =>
  (await from.log()).filter(({ path, method }) => path === '/v1/chat/completions' && method === 'POST');

describe.each(['ollama', 'lm-studio', 'llama-server', 'vllm', 'jan'] as const)('%s', (kind) => {
  it('is loaded with its window, answers with thoughts and counts, and is sent nothing of the visitor', async () => {
    await server.become({
      kind,
      origins: ['*'],
      contextTokens: 2048,
      thought: ['Well', ' …'],
      answer: ['Yes', ', 🦉', '.'],
    });
    const client = newClient();
    const load = await client.load(loadOf(kind));
    // Jan tells no window.
    expect(load).toMatchObject({ value: { engine: 'server', contextTokens: kind === 'jan' ? 32_768 : 2048 } });
    const { result, text } = await generate(client);
    expect(text).toBe('<think>\nWell …\n</think>\n\nYes, 🦉.');
    expect(result).toMatchObject({
      ok: true,
      value: {
        finishReason: 'stop',
        figures: { promptTokens: 3, reusedTokens: 0, completionTokens: 5, server: { countsTokens: true } },
      },
    });
    const hasClock = kind === 'llama-server' || kind === 'jan';
    // These two tell what they knew of a prompt already: all but its last token, where it is the same again.
    const again = await generate(client);
    const [promptTokens, reusedTokens] = hasClock ? [1, 2] : [3, 0];
    expect(again.result).toMatchObject({ ok: true, value: { figures: { promptTokens, reusedTokens } } });
    expect(result.ok && result.value.figures.server?.answerMs !== undefined).toBe(hasClock);
    for (const { referrer, cookie, authorization } of await server.log())
      expect([referrer, cookie, authorization]).toEqual([null, null, null]);
  });

  it('that is given a prompt beyond its window, or a model that it lacks, says so in words that are understood', async () => {
    await server.become({ kind, origins: ['*'], contextTokens: 20 });
    const client = await loaded(kind);
    const turns = [{ role: 'user' as const, content: 'word '.repeat(30) }];
    const { result } = await generate(client, { turns });
    // Ollama cuts it off without a word.
    if (kind === 'ollama') expect(result.ok).toBe(true);
    else
      expect(result).toMatchObject({
        failure: { kind: 'context-exceeded', numbers: { promptTokens: 30, contextTokens: 20 }, subject: host },
      });
    await server.become({ kind, origins: ['*'], models: ['large'] });
    expect((await generate(client)).result).toMatchObject({ failure: { kind: 'server-lacks-model', subject: host } });
    expect(await client.load(loadOf(kind))).toMatchObject({ failure: { kind: 'server-lacks-model' } });
  });

  it('is sent pictures and sounds in the form that it takes', async () => {
    await server.become({ kind, origins: ['*'], takes: ['image', 'audio'] });
    const client = await loaded(kind);
    const blob = await plainPng(200);
    const audio = toneWav(1);
    const media = [
      { kind: 'picture', blob },
      ...(kind === 'lm-studio' ? [] : [{ kind: 'sound', blob: audio } as const]),
    ] as const;
    const turns = [{ role: 'user' as const, content: 'What is this?', media }];
    expect((await generate(client, { turns })).result.ok).toBe(true);
    const [request] = await asked();
    const [message] = (request?.body as { messages: { content: unknown[] }[] }).messages;
    const picture = `data:image/png;base64,${toBase64(new Uint8Array(await blob.arrayBuffer()))}`;
    const data = toBase64(new Uint8Array(await audio.arrayBuffer()));
    expect(message?.content).toEqual([
      { type: 'image_url', image_url: { url: picture } },
      ...(kind === 'lm-studio' ? [] : [{ type: 'input_audio', input_audio: { data, format: 'wav' } }]),
      { type: 'text', text: 'What is this?' },
    ]);
  });

  it('with a model that sees nothing says so, before it is asked or by its refusal', async () => {
    await server.become({ kind, origins: ['*'] });
    const client = await loaded(kind);
    const media = [{ kind: 'picture' as const, blob: await plainPng(200) }];
    const turns = [{ role: 'user' as const, content: 'What is this?', media }];
    expect((await generate(client, { turns })).result).toMatchObject({ failure: { kind: 'model-cannot-see' } });
    // Jan and vLLM tell nothing of it before.
    expect(await asked()).toHaveLength(kind === 'jan' || kind === 'vllm' ? 1 : 0);
    expect((await generate(client)).result.ok).toBe(true);
  });

  it('without leave for this page is not to be told from one that is not there', async () => {
    await server.become({ kind, origins: ['https://example.org'] });
    const load = await newClient().load(loadOf(kind));
    // llama-server asks nobody where they come from.
    if (kind === 'llama-server') expect(load.ok).toBe(true);
    else expect(load).toMatchObject({ failure: { kind: 'server-unreachable', subject: host } });
  });
});

describe('a key', () => {
  it.each(['llama-server', 'vllm', 'jan'] as const)('of %s is sent, and its lack is named', async (kind) => {
    await server.become({ kind, origins: ['*'], key: 'sk-right' });
    const client = newClient();
    expect(await client.load(loadOf(kind, { key: 'sk-right' }))).toMatchObject({ ok: true });
    expect((await generate(client)).text).toBe(counted(12));
    const wrong = await client.load(loadOf(kind, { key: 'sk-wrong' }));
    const refused = wrong.ok ? (await generate(client)).result : wrong;
    expect(refused).toMatchObject({ failure: { kind: 'server-key', subject: host } });
  });
});

describe('a stream', () => {
  it.each<[string, Fault]>([
    ['one byte at a time, so that characters come in parts', { type: 'pieces', bytes: 1 }],
    ['in pieces that end anywhere', { type: 'pieces', bytes: 7 }],
    ['with carriage returns', { type: 'crlf' }],
    ['that tells its end twice', { type: 'done', times: 2 }],
    ['that does not tell its end', { type: 'done', times: 0 }],
    ['that never closes', { type: 'never-closes' }],
    ['that is none, but one whole answer', { type: 'whole' }],
  ])('%s is the same answer', async (_, fault) => {
    await server.become({ kind: 'llama-server', answer: ['Ja, ', '中文 ', '🦉', ' ende'], delayMs: 0 });
    const client = await loaded();
    await server.fault(fault);
    const { result, text } = await generate(client);
    expect(text).toBe('Ja, 中文 🦉 ende');
    expect(result).toMatchObject({ ok: true, value: { finishReason: 'stop', figures: { completionTokens: 4 } } });
  });

  it('that neither tells its end nor closes is not waited for', async () => {
    const client = await loaded();
    await server.fault({ type: 'done', times: 0 });
    await server.fault({ type: 'never-closes' });
    const { result, text } = await generate(client);
    expect([result.ok, text]).toEqual([true, counted(12)]);
    await expect.poll(async () => (await asked()).map(({ end }) => end)).toEqual(['closed-by-client']);
  });

  it.each<[string, Fault, Failure['kind']]>([
    ['that is cut off', { type: 'cut', afterWords: 3, how: 'reset', times: 1 }, 'server-broke-off'],
    ['that ends too early', { type: 'cut', afterWords: 3, how: 'clean', times: 1 }, 'server-broke-off'],
    ['that ends inside a chunk', { type: 'cut', afterWords: 3, how: 'inside-chunk', times: 1 }, 'server-broke-off'],
    ['that falls silent', { type: 'silence', afterWords: 3, times: 1 }, 'server-broke-off'],
    ['with an error in its middle', { type: 'error-event', afterWords: 3, times: 1 }, 'server-error'],
  ])('%s keeps its text, and the next answer comes', async (_, fault, kind) => {
    await server.become({ kind: 'llama-server', delayMs: 30 });
    const client = await loaded();
    await server.fault(fault);
    const { result, text } = await generate(client);
    expect(text).toBe(counted(3));
    expect(result).toMatchObject({ ok: false, failure: { kind, subject: host } });
    expect((await generate(client)).text).toBe(counted(12));
  });

  it.each(['ollama', 'lm-studio', 'vllm'] as const)(
    'of %s with an error in its middle is no whole answer',
    async (kind) => {
      await server.become({ kind, origins: ['*'], delayMs: 20 });
      const client = await loaded(kind);
      await server.fault({ type: 'error-event', afterWords: 3 });
      const { result, text } = await generate(client);
      expect(text).toBe(counted(3));
      // Ollama says nothing: it stops.
      expect(result).toMatchObject({ failure: { kind: kind === 'ollama' ? 'server-broke-off' : 'server-error' } });
    },
  );

  it('with an event of 10 MB that has no end is given up before it is all here', async () => {
    const client = await loaded();
    await server.fault({ type: 'endless-event', bytes: 10 * 2 ** 20 });
    const { result, text } = await generate(client);
    expect(text).toBe(counted(1));
    expect(result).toMatchObject({ failure: { kind: 'server-not-understood', subject: host } });
    await expect.poll(async () => (await asked()).at(-1)?.end).toBe('closed-by-client');
  });

  it('from another model says so', async () => {
    const client = await loaded();
    await server.fault({ type: 'other-model', model: 'tiny' });
    expect((await generate(client)).result).toMatchObject({ value: { figures: { server: { otherModel: 'tiny' } } } });
  });
});

describe('what is no answer', () => {
  it.each<[Fault, Failure['kind']]>([
    [{ type: 'html' }, 'server-not-understood'],
    [{ type: 'status', status: 500 }, 'server-error'],
    [{ type: 'status', status: 503 }, 'server-error'],
    [{ type: 'status', status: 401 }, 'server-key'],
  ])('%j, to a question and to the question for models', async (fault, kind) => {
    const client = await loaded();
    await server.fault({ ...fault, at: 'chat' });
    expect((await generate(client)).result).toMatchObject({ failure: { kind, subject: host } });
    await server.fault({ ...fault, at: 'models' });
    expect(await client.load(loadOf('llama-server'))).toMatchObject({ failure: { kind, subject: host } });
  });

  it('a redirect to another host is not followed: nothing reaches it', async () => {
    const client = await loaded();
    for (const at of ['chat', 'models'] as const) await server.fault({ type: 'redirect', to: stranger.origin, at });
    expect((await generate(client)).result).toMatchObject({ failure: { kind: 'server-not-understood' } });
    expect(await client.load(loadOf('llama-server'))).toMatchObject({ failure: { kind: 'server-not-understood' } });
    expect(await stranger.log()).toEqual([]);
  });

  it('a list of models that never ends, or never begins, ends the load', async () => {
    const client = newClient();
    await server.fault({ type: 'endless-body', at: 'models', times: 1 });
    expect(await client.load(loadOf('llama-server'))).toMatchObject({ failure: { kind: 'server-not-understood' } });
    await server.fault({ type: 'silent', at: 'models', times: 1 });
    expect(await client.load(loadOf('llama-server'))).toMatchObject({ failure: { kind: 'server-unreachable' } });
    // The window is only a nicety: without it the model is used all the same.
    await server.fault({ type: 'endless-body', at: 'window' });
    expect(await client.load(loadOf('llama-server'))).toMatchObject({ ok: true, value: { contextTokens: 4096 * 4 } });
  });

  it('a load from a server that does not answer is stopped', async () => {
    const client = newClient(serverWorkerUrl);
    await server.fault({ type: 'silent', at: 'models' });
    const load = client.load(loadOf('llama-server'));
    await expect.poll(async () => (await server.log()).length).toBe(1);
    const startedAt = performance.now();
    await client.cancel(loadJobId('served'));
    expect(await load).toMatchObject({ failure: { kind: 'cancelled' } });
    expect(performance.now() - startedAt).toBeLessThan(600);
  });

  it('nothing at all at the address', async () => {
    const load = await newClient().load(loadOf('llama-server', { address: 'http://localhost:9/v1' }));
    expect(load).toMatchObject({ failure: { kind: 'server-unreachable', subject: 'localhost:9' } });
  });
});

describe('a server that wants to be left alone', () => {
  it('is asked again after its pause, and after one of ours where a page may not read it', async () => {
    const client = await loaded();
    await server.fault({ type: 'status', status: 429, retryAfter: '1', expose: true, times: 1 });
    const startedAt = performance.now();
    expect((await generate(client)).text).toBe(counted(12));
    expect(performance.now() - startedAt).toBeGreaterThan(950);
    await server.fault({ type: 'status', status: 429, retryAfter: '3600', times: 2 });
    expect((await generate(client)).text).toBe(counted(12));
    expect((await asked()).map(({ status }) => status)).toEqual([429, 200, 429, 429, 200]);
  });

  it('for longer than that is left alone: the failure says until when', async () => {
    const client = await loaded();
    const at = new Date(Date.now() + 3_600_000).toUTCString();
    for (const retryAfter of ['3600', at]) {
      await server.fault({ type: 'status', status: 429, retryAfter, expose: true, times: 1 });
      const { result } = await generate(client);
      if (result.ok) throw new Error('it was not refused');
      expect(result.failure).toMatchObject({ kind: 'server-busy', subject: host });
      expect(Math.abs((result.failure.numbers?.['retryAt'] ?? 0) - Date.parse(at))).toBeLessThan(5000);
    }
    expect(await asked()).toHaveLength(2);
  });

  it('is asked no more than four times in a row', async () => {
    const client = await loaded();
    await server.fault({ type: 'status', status: 429 });
    expect((await generate(client)).result).toMatchObject({ failure: { kind: 'server-busy' } });
    expect(await asked()).toHaveLength(4);
  });

  it('can be stopped while it is waited for', async () => {
    const client = await loaded('llama-server', serverWorkerUrl);
    await server.fault({ type: 'status', status: 429, retryAfter: '50', expose: true });
    const answer = generate(client);
    await expect.poll(async () => (await asked()).length).toBe(1);
    const startedAt = performance.now();
    await client.cancel('job');
    expect((await answer).result).toMatchObject({ ok: true, value: { finishReason: 'cancelled' } });
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(await asked()).toHaveLength(1);
  });
});

it('vLLM answers a prompt that fits, although the longest answer would not fit behind it', async () => {
  await server.become({ kind: 'vllm', contextTokens: 100 });
  const client = await loaded('vllm');
  const { result, text } = await generate(client, { sampling: { maxTokens: 4096 } });
  expect([result.ok, text]).toEqual([true, counted(12)]);
  expect((await asked()).map(({ body }) => (body as { max_tokens: number }).max_tokens)).toEqual([4096, 97]);
});

it('stop ends the request at the server, keeps the text, and leaves the worker usable', async () => {
  await server.become({ kind: 'llama-server', answer: Array.from({ length: 500 }, () => 'a '), delayMs: 20 });
  const client = await loaded('llama-server', serverWorkerUrl);
  let lost = 0;
  client.onWorkerLost = () => void (lost += 1);
  const answer = generate(client);
  await new Promise((resolve) => setTimeout(resolve, 250));
  const stoppedAt = Date.now();
  await client.cancel('job');
  const { result, text } = await answer;
  expect(result).toMatchObject({ ok: true, value: { finishReason: 'cancelled' } });
  expect(text).toMatch(/^(a ){2,100}$/);
  await expect.poll(async () => (await asked())[0]?.end).toBe('closed-by-client');
  expect(((await asked())[0]?.endedAt ?? Infinity) - stoppedAt).toBeLessThan(600);
  await server.become({ kind: 'llama-server' });
  expect((await generate(client)).text).toBe(counted(12));
  expect(lost).toBe(0);
});

it('another engine takes the place of a server, and a server that of another engine', async () => {
  const client = await loaded();
  expect((await generate(client)).text).toBe(counted(12));
  const script: LoadRequest = {
    modelId: 'scripted',
    engine: 'scripted',
    files: [],
    script: { answers: [[{ token: 'Hi' }]] },
  };
  expect(await client.load(script)).toMatchObject({ ok: true, value: { engine: 'scripted' } });
  expect((await generate(client)).text).toBe('Hi');
  expect(await asked()).toHaveLength(1);
  expect(await client.load(loadOf('llama-server'))).toMatchObject({ ok: true, value: { engine: 'server' } });
  expect((await generate(client)).text).toBe(counted(12));
});

describe('the benchmark’s primitives', () => {
  it('measure on a server as they do on a device, with its counts and its own clock', async () => {
    await server.become({
      kind: 'llama-server',
      answer: Array.from({ length: 64 }, (_, index) => `w${index} `),
      delayMs: 10,
    });
    const client = await loaded();
    const prefill = await client.measurePrefill(100);
    expect(prefill).toMatchObject({ ok: true, value: { tokens: 100, cachedTokens: 0, engine: { promptTokens: 100 } } });
    const decode = await client.measureDecode(32, { depth: 50 });
    if (!decode.ok) throw new Error(decode.failure.technical);
    expect(decode.value.timestamps).toHaveLength(32);
    expect(decode.value).toMatchObject({ depthTokens: 50, engine: { generatedTokens: 32 } });
    const [first = 0, last = 0] = [decode.value.timestamps[0], decode.value.timestamps.at(-1)];
    expect(last - first).toBeGreaterThan(31 * 8);
    const bodies = (await asked()).map(({ body }) => body as Record<string, unknown>);
    for (const body of bodies) expect(body).toMatchObject({ cache_prompt: false, ignore_eos: true, temperature: 0 });
  });

  it('end where a server never closes, and fail where it falls silent or counts nothing', async () => {
    const client = await loaded();
    await server.fault({ type: 'done', times: 0 });
    await server.fault({ type: 'never-closes' });
    expect(await client.measureDecode(8)).toMatchObject({ ok: true });
    await server.clearFaults();
    await server.fault({ type: 'silence', afterWords: 4 });
    expect(await client.measureDecode(8)).toMatchObject({ failure: { kind: 'server-broke-off', subject: host } });
  });
});

describe('the ways out', () => {
  it('lead to the server that was asked, and to no other port: the guard stops what was not admitted', async () => {
    const worker = startWorker(guardWorkerUrl, 'guarded');
    const tries = (url: string): Promise<string> =>
      new Promise((resolve) => {
        worker.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
        worker.postMessage({ admitted: server.address, url });
      });
    await new Promise((resolve) => (worker.onmessage = resolve));
    expect(await tries(`${server.origin}/v1/models`)).toBe('200');
    expect(await tries(`${stranger.origin}/v1/models`)).toContain('none of our hosts');
    expect(await tries(server.origin.replace('localhost', '127.0.0.1'))).toContain('none of our hosts');
    expect(await tries('https://example.org/')).toContain('none of our hosts');
    worker.terminate();
    expect(await stranger.log()).toEqual([]);
  });

  it('are closed to a server that the policy of the build does not name', async () => {
    const api = wrap<ServerApi>(startWorker(serverWorkerUrl, 'server'));
    for (const address of ['http://192.168.1.20:11434/v1', 'https://api.example.org/v1', 'http://[::1]:8080/v1'])
      expect(await api.listModels({ kind: 'other', address })).toMatchObject({
        failure: { kind: 'server-not-allowed', subject: new URL(address).host },
      });
  });
});

it('each request is in the ledger, with what it carried, and only what carries words is called so', async () => {
  const before = Date.now();
  await server.become({ kind: 'ollama' });
  const client = await loaded('ollama', serverWorkerUrl);
  await generate(client);
  const rowsOf = async () => {
    const rows = await withDatabase(ledgerDatabase, (database) => database.getAll('requests'));
    return rows
      .filter((row) => row.host === host && row.at >= before && row.source === 'server')
      .map(({ path, purpose, sentBytes, result }) => ({ path, purpose, sentBytes, result }));
  };
  const bytes = (await server.log()).filter(({ bodyBytes }) => bodyBytes > 0).map(({ bodyBytes }) => bodyBytes);
  expect(bytes).toHaveLength(2);
  const row = (path: string, purpose: string, sentBytes: number | undefined) => ({
    path,
    purpose,
    sentBytes,
    result: 'answered',
  });
  await expect
    .poll(rowsOf)
    .toEqual([
      row('/v1/models', 'server-check', 0),
      row('/api/ps', 'server-check', 0),
      row('/api/show', 'server-check', bytes[0]),
      row('/v1/chat/completions', 'server', bytes[1]),
    ]);
});

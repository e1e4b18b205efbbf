/** The page's engine client against the real engine worker with the scripted engine: nothing may be left hanging. */
import { afterEach, describe, expect, it } from 'vitest';
import engineWorkerUrl from '../../workers/engine.worker.ts?worker&url';
import type { EngineScript, GenerationRequest, LoadRequest, ScriptStep } from '../../src/shared/protocol/engine';
import { loadJobId } from '../../src/shared/protocol/engine';
import { EngineClient } from '../../src/engine/engine-client';
import { startWorker } from '../../src/shared/platform/trusted-worker';

let workers: Worker[] = [];
const clients: EngineClient[] = [];

function newClient(): EngineClient {
  const client = new EngineClient(() => {
    const worker = startWorker(engineWorkerUrl, 'engine');
    workers.push(worker);
    return worker;
  });
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.terminate();
  workers = [];
});

const scripted = (script: EngineScript): LoadRequest => ({
  modelId: 'scripted',
  engine: 'scripted',
  files: [],
  script,
});
const playing = (...steps: ScriptStep[]): LoadRequest => scripted({ answers: [steps] });
const request = (jobId = 'job'): GenerationRequest => ({
  jobId,
  turns: [{ role: 'user', content: 'hello' }],
  sampling: {},
});

/** Runs a generation and keeps what was pushed, and when. */
async function generate(client: EngineClient, jobId = 'job') {
  const batches: { text: string; tokens: number; at: number }[] = [];
  const result = await client.generate(request(jobId), (event) => {
    if (event.type === 'text') batches.push({ text: event.text, tokens: event.tokens, at: performance.now() });
  });
  return { result, batches, text: batches.map((batch) => batch.text).join('') };
}

const timed = async <T>(work: Promise<T>): Promise<{ value: T; ms: number }> => {
  const startedAt = performance.now();
  const value = await work;
  return { value, ms: performance.now() - startedAt };
};

describe('pushing tokens', () => {
  it('sends the first token at once and later ones in batches of about 40 ms, all before the outcome', async () => {
    const client = newClient();
    await client.load(playing({ repeat: 'a ', count: 100, delayMs: 5 }));
    const { result, batches, text } = await generate(client);
    expect(text).toBe('a '.repeat(100));
    expect(result.ok && result.value.finishReason).toBe('stop');
    expect(result.ok && result.value.figures.completionTokens).toBe(100);
    expect(batches[0]?.tokens).toBe(1);
    const gaps = batches.slice(2).map((batch, index) => batch.at - (batches[index + 1]?.at ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).toBeGreaterThan(30);
    expect(mean).toBeLessThan(80);
  });

  it('takes its figures from the stamps of the worker, as the engine itself recorded them', async () => {
    const client = newClient();
    await client.load(playing({ token: 'a', delayMs: 60 }, { repeat: 'b', count: 20, delayMs: 10 }));
    const { result } = await generate(client);
    const emissions = await client.emissions();
    if (!result.ok) throw new Error(result.failure.technical);
    const spread = (emissions.at(-1) ?? 0) - (emissions[0] ?? 0);
    expect(Math.abs(result.value.figures.decodeMs - spread)).toBeLessThan(5);
    expect(result.value.figures.timeToFirstTokenMs).toBeGreaterThanOrEqual(55);
  });

  it('is not slowed by a page that janks', async () => {
    const client = newClient();
    await client.load(playing({ repeat: 'a', count: 60, delayMs: 5 }));
    await generate(client);
    const calm = await client.emissions();
    const jank = setInterval(() => {
      const until = performance.now() + 60;
      while (performance.now() < until);
    }, 70);
    await generate(client, 'janky');
    clearInterval(jank);
    const janky = await client.emissions();
    const duration = (times: readonly number[]): number => (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(duration(janky)).toBeLessThan(duration(calm) * 1.5);
  });
});

describe('failures are data', () => {
  it('keeps the text before a foreseen failure', async () => {
    const client = newClient();
    const failure = { kind: 'out-of-memory', technical: 'scripted' } as const;
    await client.load(playing({ token: 'half' }, { token: ' done' }, { fail: failure }));
    const { result, text } = await generate(client);
    expect(text).toBe('half done');
    expect(result).toEqual({ ok: false, failure });
  });

  it('turns an exception into engine-crashed and can go on', async () => {
    const client = newClient();
    await client.load(scripted({ answers: [[{ token: 'a' }, { throw: 'bang' }], [{ token: 'fine' }]] }));
    const first = await generate(client);
    expect(first.result).toMatchObject({ ok: false, failure: { kind: 'engine-crashed', technical: 'Error: bang' } });
    expect((await generate(client, 'again')).text).toBe('fine');
  });

  it('reports a failed load, a missing model, a busy engine, and a prompt over the context window', async () => {
    const client = newClient();
    expect((await generate(client)).result).toMatchObject({ failure: { kind: 'model-not-loaded' } });
    const failure = { kind: 'file-truncated', technical: 'scripted' } as const;
    expect(await client.load(scripted({ answers: [], load: { failure } }))).toEqual({ ok: false, failure });
    await client.load(scripted({ answers: [[{ repeat: 'a', count: 50, delayMs: 5 }]], contextTokens: 1 }));
    const running = generate(client, 'long');
    expect((await generate(client, 'second')).result).toMatchObject({ failure: { kind: 'engine-busy' } });
    await running;
    const long = { ...request('over'), turns: [{ role: 'user' as const, content: 'two words' }] };
    expect(await client.generate(long, () => {})).toMatchObject({
      failure: { kind: 'context-exceeded', numbers: { promptTokens: 2, contextTokens: 1 } },
    });
  });
});

describe('cancelling', () => {
  it('ends a generation, keeps its text and leaves the engine usable', async () => {
    const client = newClient();
    await client.load(scripted({ answers: [[{ repeat: 'a', count: 1000, delayMs: 10 }], [{ token: 'next' }]] }));
    setTimeout(() => void client.cancel('job'), 200);
    const { value, ms } = await timed(generate(client));
    expect(value.result).toMatchObject({ ok: true, value: { finishReason: 'cancelled' } });
    expect(value.text.length).toBeGreaterThan(3);
    expect(ms).toBeLessThan(600);
    expect((await generate(client, 'again')).text).toBe('next');
    expect(workers).toHaveLength(1);
  });

  it('ends a load', async () => {
    const client = newClient();
    // The first load waits for the worker's code, which a test server may take long to prepare.
    await client.load(scripted({ answers: [] }));
    setTimeout(() => void client.cancel(loadJobId('scripted')), 50);
    const { value, ms } = await timed(client.load(scripted({ answers: [], load: { delayMs: 5000 } })));
    expect(value).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    expect(ms).toBeLessThan(600);
  });

  it('ends the load that was meant, and not the one that follows under the same name', async () => {
    const client = newClient();
    await client.load(scripted({ answers: [] }));
    const slow = scripted({ answers: [[{ token: 'there' }]], load: { delayMs: 1500 } });
    const first = client.load(slow);
    // Whoever waited for it begins again at once.
    const second = first.then(() => client.load(slow));
    await client.cancel(loadJobId('scripted'));
    expect(await first).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    expect(await second).toMatchObject({ ok: true });
    expect(workers).toHaveLength(1);
  });

  it.each([
    ['generation', scripted({ answers: [[{ token: 'a' }, { hang: true }]] })],
    ['load', scripted({ answers: [], load: { hang: true } })],
  ])('terminates and restarts within a second when a %s hangs', async (what, load) => {
    const client = newClient();
    const loading = client.load(load);
    let work: Promise<unknown> = loading;
    if (what === 'generation') {
      await loading;
      work = generate(client).then(({ result }) => result);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { ms } = await timed(client.cancel(what === 'load' ? loadJobId('scripted') : 'job'));
    expect(ms).toBeLessThan(1000);
    expect(await work).toMatchObject({ ok: false, failure: { kind: 'engine-unresponsive' } });
    expect(await client.load(playing({ token: 'back' }))).toMatchObject({ ok: true });
    expect((await generate(client)).text).toBe('back');
    expect(workers).toHaveLength(2);
  });

  it('ignores a job that is not there', async () => {
    const client = newClient();
    await client.load(playing({ token: 'a' }));
    await client.cancel('nobody');
    expect((await generate(client)).text).toBe('a');
  });
});

describe('the life of the worker', () => {
  it('settles every pending call when the worker is lost, and starts another', async () => {
    const client = newClient();
    let lost = 0;
    client.onWorkerLost = (): void => void (lost += 1);
    await client.load(playing({ repeat: 'a', count: 1000, delayMs: 10 }));
    const pending = [generate(client), generate(client, 'busy'), client.unload()];
    client.terminate();
    for (const result of await Promise.all(pending)) expect(result).toBeDefined();
    expect(lost).toBe(1);
    expect(await client.load(playing({ token: 'a' }))).toMatchObject({ ok: true });
  });

  it('answers when the worker cannot start', async () => {
    const missing = new EngineClient(() => startWorker('/no-such-worker.js', 'missing'));
    expect(await missing.load(playing())).toMatchObject({ ok: false, failure: { kind: 'part-unreachable' } });
    const forbidden = new EngineClient(() => {
      throw new ReferenceError('Worker is not defined');
    });
    expect(await forbidden.load(playing())).toMatchObject({ ok: false, failure: { kind: 'workers-unavailable' } });
  });

  it('gives the engine no way to the network', async () => {
    const client = newClient();
    await client.load(playing({ token: 'a' }));
    const probe = startWorker(new URL('../fixtures/restricted-scope.worker.ts', import.meta.url).href, 'probe');
    const present = await new Promise((resolve) => (probe.onmessage = ({ data }) => resolve(data)));
    probe.terminate();
    expect(present).toEqual([]);
  });
});

describe('an engine that ends', () => {
  it.each(['gpu-lost', 'gpu-out-of-memory', 'gpu-hung'] as const)(
    'with %s is replaced, and the page is told once; what is asked next finds a new one',
    async (kind) => {
      const client = newClient();
      const lost: string[] = [];
      client.onWorkerLost = (failure): void => void lost.push(failure.kind);
      await client.load(playing({ token: 'kept ' }, { fail: { kind, technical: 'x' } }));
      const { result, text } = await generate(client);
      expect(result).toMatchObject({ ok: false, failure: { kind } });
      expect(text).toBe('kept ');
      expect(lost).toEqual([kind]);
      expect(await client.generate(request(), () => undefined)).toMatchObject({
        ok: false,
        failure: { kind: 'model-not-loaded' },
      });
      expect(workers).toHaveLength(2);
    },
  );

  it('with a failure of its own answer stays', async () => {
    const client = newClient();
    await client.load(playing({ fail: { kind: 'context-exceeded', technical: 'x' } }));
    await generate(client);
    expect(workers).toHaveLength(1);
  });
});

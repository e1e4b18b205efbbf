/**
 * The benchmark in the real engine worker, on the scripted engine, whose own record of when it emitted each token is the truth
 * (V2): timers on a busy machine miss what is written down by a third, so a schedule would be none.
 */
import { afterEach, describe, expect, it } from 'vitest';
import engineWorkerUrl from '../../workers/engine.worker.ts?worker&url';
import type { MeasureScript } from '../../src/shared/protocol/measurement';
import type { BenchmarkEvent, BenchmarkPlan, RawRep } from '../../src/shared/protocol/benchmark';
import { decodeRate, tokenIntervals } from '../../src/shared/domain/benchmark/token-times';
import { quantile } from '../../src/shared/domain/benchmark/statistics';
import { timesOf } from '../../src/shared/domain/benchmark/validity';
import type { EngineScript } from '../../src/shared/protocol/engine';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import { EngineClient } from '../../src/engine/engine-client';
import { RunRecord } from '../../src/benchmark/result/run-record';
import { planOf } from '../fixtures/profile-plan';

const clients: EngineClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.terminate();
});

async function measuring(measure: MeasureScript, more: Partial<EngineScript> = {}): Promise<EngineClient> {
  const client = new EngineClient(() => startWorker(engineWorkerUrl, 'engine'));
  clients.push(client);
  const script: EngineScript = { answers: [[{ token: 'It ' }, { token: 'is ' }, { token: 'so.' }]], measure, ...more };
  const loaded = await client.load({ modelId: 'scripted', engine: 'scripted', files: [], script });
  if (!loaded.ok) throw new Error(loaded.failure.technical);
  return client;
}

/** One test, once, as fast as that goes. */
const short = (tokens: number, more: Partial<BenchmarkPlan> = {}): BenchmarkPlan =>
  planOf('quick', {
    shapes: [{ kind: 'tg', tokens, depth: 0 }],
    headline: [],
    repetitions: { least: 1, most: 1 },
    mostWarmUps: 1,
    gapMs: 0,
    repetitionMs: 60_000,
    ceiling: 'none',
    knownAnswer: null,
    ...more,
  });

interface Measured {
  readonly events: readonly BenchmarkEvent[];
  readonly record: RunRecord;
  readonly reps: readonly RawRep[];
}

async function measured(client: EngineClient, plan: BenchmarkPlan): Promise<Measured> {
  const events: BenchmarkEvent[] = [];
  const record = new RunRecord();
  const result = await client.measure(plan, (event) => {
    events.push(event);
    record.take(event, performance.now());
  });
  if (!result.ok) throw new Error(result.failure.technical);
  return { events, record, reps: record.reps.filter(({ warmUp }) => !warmUp) };
}

/** Blocks the page for 30 ms out of every 35. @returns how to end it */
function jank(): () => void {
  const timer = setInterval(() => {
    const until = performance.now() + 30;
    while (performance.now() < until);
  }, 35);
  return () => clearInterval(timer);
}

const off = (value: number | null, truth: number): number => Math.abs((value ?? Number.NaN) / truth - 1);

describe.each([
  ['a quiet page', false],
  ['a page that janks', true],
])('V2: tokens on %s', (_, janky) => {
  it.each([5, 8, 25, 200])('every %i ms are found as they were emitted', async (tokenMs) => {
    const client = await measuring({ tokenMs, promptTokenMs: 0, overheadMs: 20 });
    const tokens = tokenMs === 200 ? 8 : 64;
    const stop = janky ? jank() : (): void => undefined;
    const { reps } = await measured(client, short(tokens)).finally(stop);
    const emissions = await client.emissions();
    const [rep] = reps;
    if (!rep) throw new Error('nothing measured');
    const truth = { requestedAt: rep.requestedAt, stamps: emissions };
    expect(emissions).toHaveLength(tokens + 1);
    expect(off(decodeRate(timesOf(rep)), decodeRate(truth) ?? 0)).toBeLessThan(0.001);
    const [ours, theirs] = [tokenIntervals(timesOf(rep)), tokenIntervals(truth)];
    expect(off(quantile(ours, 0.5), quantile(theirs, 0.5))).toBeLessThan(0.02);
    expect(off(quantile(ours, 0.95), quantile(theirs, 0.95))).toBeLessThan(0.05);
    expect(Math.abs((rep.stamps[0] ?? 0) - (emissions[0] ?? 0))).toBeLessThan(5);
  });
});

describe('V7: an engine that is slowed', () => {
  it('to half its pace is found to have half the speed', async () => {
    const rates: number[] = [];
    for (const tokenMs of [12, 24]) {
      const client = await measuring({ tokenMs, promptTokenMs: 0 });
      const { reps } = await measured(client, short(48));
      const emissions = await client.emissions();
      const found = reps[0] ? decodeRate(timesOf(reps[0])) : null;
      // By what it really did: timers are late, and not twice as late for twice the time.
      expect(off(found, decodeRate({ requestedAt: 0, stamps: emissions }) ?? 0)).toBeLessThan(0.001);
      rates.push(found ?? Number.NaN);
    }
    expect((rates[1] ?? 0) / (rates[0] ?? 1)).toBeGreaterThan(0.45);
    expect((rates[1] ?? 0) / (rates[0] ?? 1)).toBeLessThan(0.55);
  });
});

describe('V2b: the time at which the page gets its tokens', () => {
  it('is a worse clock when the page janks, and is kept as a second series', async () => {
    const client = await measuring({ tokenMs: 8, promptTokenMs: 0 });
    const stop = jank();
    const { reps, record } = await measured(client, short(96)).finally(stop);
    const [rep] = reps;
    if (!rep) throw new Error('nothing measured');
    const truth = decodeRate({ requestedAt: 0, stamps: await client.emissions() }) ?? 0;
    const arrived = record.arrivalRate(rep.order);
    expect(arrived).not.toBeNull();
    expect(off(decodeRate(timesOf(rep)), truth)).toBeLessThan(off(arrived, truth));
    expect(off(arrived, truth), 'but not useless').toBeLessThan(0.2);
  });
});

describe('a whole Quick run in the worker', () => {
  it('tells everything there is to tell, in order', async () => {
    const client = await measuring({ tokenMs: 2, promptTokenMs: 0.5, ownClock: 1 });
    const plan = planOf('quick', {
      gapMs: 10,
      readWeights: [new Blob([new Uint8Array(5_000_000)])],
      knownAnswer: { id: 'x', turns: [{ role: 'user', content: 'So?' }], maxTokens: 8, begins: 'It is so.' },
    });
    const { events, record, reps } = await measured(client, plan);
    expect(record.resolutionMs).toBeLessThan(0.11);
    expect(record.answer).toMatchObject({ right: true, matched: 3 });
    expect(record.weightsRead).toMatchObject({
      bytes: 5_000_000,
      milliseconds: [expect.any(Number), expect.any(Number)],
    });
    expect(reps).toHaveLength(6);
    expect(reps.every(({ causes }) => causes.length === 0)).toBe(true);
    expect(record.memorySamples.length).toBeGreaterThanOrEqual(4);
    for (const sample of record.memorySamples) expect(sample).toBeGreaterThan(0.2);
    const [cpu] = record.ceiling?.cpu ?? [];
    expect(cpu?.readings.map(({ bytes }) => bytes / 1024 ** 2)).toEqual([16, 64, 256]);
    for (const reading of cpu?.readings ?? []) {
      expect(reading.gigabytesPerSecond).toBeGreaterThan(0.2);
      expect(reading.gigabytesPerSecond).toBeLessThan(1000);
    }
    expect(events[0]).toMatchObject({ type: 'phase', phase: 'clock' });
  });

  it('takes no notice of a page that asks for nothing', async () => {
    const client = await measuring({ tokenMs: 1, promptTokenMs: 0.1 });
    await measured(client, short(32));
    expect(await client.measure(short(32), () => undefined)).toEqual({ ok: true, value: 'finished' });
  });

  it('is refused without a model, and beside another job', async () => {
    const client = await measuring({ tokenMs: 20 });
    const first = client.measure(short(64), () => undefined);
    expect(await client.measure(short(8, { jobId: 'second' }), () => undefined)).toMatchObject({
      failure: { kind: 'engine-busy' },
    });
    await client.cancel('test');
    expect(await first).toEqual({ ok: true, value: 'stopped' });
    await client.unload();
    expect(await client.measure(short(8), () => undefined)).toMatchObject({ failure: { kind: 'model-not-loaded' } });
  });
});

describe('stopping', () => {
  it.each([
    ['in the middle of a token', { tokenMs: 5000 }, 100],
    ['in the middle of a prompt', { promptTokenMs: 1000 }, 100],
    ['while memory is read', { tokenMs: 1, promptTokenMs: 0.01 }, 400],
  ])('%s takes less than a second, and the worker lives on', async (_, measure, after) => {
    const client = await measuring(measure);
    let lost = false;
    client.onWorkerLost = (): void => void (lost = true);
    const plan = planOf('quick', { knownAnswer: null, ceiling: 'full' });
    const run = client.measure(plan, () => undefined);
    await new Promise((resolve) => setTimeout(resolve, after));
    const from = performance.now();
    await client.cancel('test');
    expect(await run).toEqual({ ok: true, value: 'stopped' });
    expect(performance.now() - from).toBeLessThan(1000);
    expect(lost).toBe(false);
    expect(
      await client.load({ modelId: 'scripted', engine: 'scripted', files: [], script: { answers: [] } }),
    ).toMatchObject({ ok: true });
  });

  it('keeps what was measured before the engine broke', async () => {
    const failure = { kind: 'out-of-memory', technical: 'GPU device lost' } as const;
    const client = await measuring({ tokenMs: 1, promptTokenMs: 0.05, breaks: { after: 9, failure } });
    const { record, events } = await measured(
      client,
      planOf('quick', { knownAnswer: null, ceiling: 'none', gapMs: 0 }),
    );
    expect(record.failure).toEqual(failure);
    expect(record.reps).toHaveLength(9);
    expect(events.at(-1)).toMatchObject({ type: 'broke-off' });
  });
});

describe('a page that is hidden', () => {
  it('holds the run until it is seen again', async () => {
    const client = await measuring({ tokenMs: 1, promptTokenMs: 0.05 });
    client.observe({ visible: false, pressed: false });
    let ended = false;
    const run = measured(client, short(32)).finally(() => (ended = true));
    // Time for what must not happen.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(ended).toBe(false);
    client.observe({ visible: true, pressed: false });
    expect((await run).reps.every(({ causes }) => causes.length === 0)).toBe(true);
  });

  it('in the middle makes the repetition invalid, and it is measured anew', async () => {
    const client = await measuring({ tokenMs: 10, promptTokenMs: 0.05 });
    const record = new RunRecord();
    let hid = false;
    await client.measure(short(48), (event) => {
      record.take(event, performance.now());
      if (event.type !== 'tokens' || hid) return;
      hid = true;
      client.observe({ visible: false, pressed: false });
      setTimeout(() => client.observe({ visible: true, pressed: false }), 50);
    });
    const counted = record.reps.filter(({ warmUp }) => !warmUp);
    expect(counted.map(({ causes }) => causes)).toEqual([['hidden'], []]);
  });
});

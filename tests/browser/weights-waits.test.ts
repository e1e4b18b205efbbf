/** Hosts that are busy, down or silent: what they ask for is told, nothing waits for them that need not, and no wait outlives a cancel. */
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { Result } from '../../src/shared/protocol/failure';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { HubControl } from '../fixtures/hub/hub-control';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { hearProgress, WeightsProbe } from '../fixtures/weights-probe';
import { mlcRepository } from '../fixtures/hub/large-repository';

const hub = inject('hub');
const control = new HubControl(hub.origin);
const busy = 'sotto-tests/busy';
const other = 'sotto-tests/other';
const hour = 3600;
let probe: WeightsProbe;

beforeEach(async () => {
  probe = await WeightsProbe.afresh(control);
  // Of different lengths: the same content would be shared.
  await control.addRepository(mlcRepository(busy, 2));
  await control.addRepository(mlcRepository(other, 3));
});
afterEach(() => probe.kill());

async function manifestOf(url: string): Promise<WeightsManifest> {
  const found = valueOf(await probe.api.inspect({ url }, url));
  if (found.kind !== 'model') throw new Error('a choice');
  return found.manifest;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How long an answer took, with the answer. */
async function timed<T>(answer: () => Promise<Result<T>>): Promise<{ readonly value: Result<T>; readonly ms: number }> {
  const from = performance.now();
  const value = await answer();
  return { value, ms: performance.now() - from };
}

describe('looking at a repository', () => {
  it('a host that asks for an hour is told at once, with the time from which it allows more', async () => {
    await control.set({ exposedHeaders: '*' });
    await control.fault({ type: 'status', status: 429, retryAfter: hour, at: ['revision'] });
    const { value, ms } = await timed(() => probe.api.inspect({ url: busy }, 'a'));
    const failure = failureOf(value);
    expect(failure).toMatchObject({ kind: 'host-busy', subject: new URL(hub.origin).host });
    expect(Math.abs((failure.numbers?.retryAt ?? 0) - Date.now() - hour * 1000)).toBeLessThan(5000);
    expect(ms).toBeLessThan(3000);
  });

  it('the same where the hour is asked for in the middle of reading a header', async () => {
    await control.fault({ type: 'status', status: 429, retryAfter: hour, at: ['cdn'] });
    const { value, ms } = await timed(() => probe.api.inspect({ url: 'sotto-tests/tiny-gguf' }, 'a'));
    expect(failureOf(value).kind).toBe('host-busy');
    expect(ms).toBeLessThan(3000);
  });

  it('a cancel ends the wait between two tries', async () => {
    await control.set({ exposedHeaders: '*' });
    await control.fault({ type: 'status', status: 429, retryAfter: 5, at: ['revision'] });
    await control.clearLog();
    const asking = timed(() => probe.api.inspect({ url: busy }, 'a'));
    await expect.poll(async () => (await control.log()).some(({ status }) => status === 429)).toBe(true);
    await probe.api.cancelInspection('a');
    const { value, ms } = await asking;
    expect(failureOf(value).kind).toBe('cancelled');
    expect(ms).toBeLessThan(1500);
  });

  it('a host that is silent keeps no other model waiting, and is told in the end', async () => {
    await control.fault({ type: 'silent', at: ['revision'], path: busy });
    const silent = timed(() => probe.api.inspect({ url: busy }, 'a'));
    const { value, ms } = await timed(() => probe.api.inspect({ url: other }, 'b'));
    expect(valueOf(value).kind).toBe('model');
    expect(ms).toBeLessThan(1400);
    expect(failureOf((await silent).value)).toMatchObject({ kind: 'host-unreachable' });
  });

  it('a cancel ends the one that is meant', async () => {
    await control.fault({ type: 'silent', at: ['revision'], path: busy });
    const silent = probe.api.inspect({ url: busy }, 'a');
    const found = probe.api.inspect({ url: other }, 'b');
    await probe.api.cancelInspection('a');
    expect(failureOf(await silent).kind).toBe('cancelled');
    expect(valueOf(await found).kind).toBe('model');
  });

  it.each([
    ['is down', 'host-down', { type: 'status', status: 503, at: ['revision'] }],
    ['limits requests without a time', 'host-busy', { type: 'status', status: 429, at: ['revision'] }],
    ['cannot be reached', 'host-unreachable', { type: 'no-cors', at: ['revision'] }],
    ['breaks off', 'host-unreachable', { type: 'cut', afterBytes: 10, at: ['revision'] }],
  ] as const)('a host that %s is named', async (_, kind, fault) => {
    await control.fault(fault);
    expect(failureOf(await probe.api.inspect({ url: busy }, 'a'))).toMatchObject({
      kind,
      subject: new URL(hub.origin).host,
    });
  });
});

describe('a download', () => {
  beforeEach(() => control.set({ exposedHeaders: '*' }));

  const waits = [
    ['that a host puts off for an hour', { type: 'status', status: 429, retryAfter: hour, path: busy }],
    ['whose host cannot be reached', { type: 'no-cors', path: busy }],
    ['whose host is down', { type: 'status', status: 503, path: busy }],
  ] as const;
  it.each(waits)('%s lets the next one go first, tells when it goes on, and goes on when told to', async (_, fault) => {
    const [first, second] = [await manifestOf(busy), await manifestOf(other)];
    await control.fault({ ...fault, at: ['content'] });
    const heard = hearProgress();
    valueOf(await probe.api.download(first));
    await pause(100);
    valueOf(await probe.api.download(second));
    await probe.reaches(second.modelId, 'ready', 15_000);
    expect((await probe.model(first.modelId))?.state).toBe('downloading');
    const waiting = heard.events.findLast(({ modelId, phase }) => modelId === first.modelId && phase === 'waiting');
    expect(waiting?.retryAt).toBeGreaterThan(Date.now() - 2000);
    expect(waiting?.obstacle?.kind).toMatch(/^host-(busy|down|unreachable)$/);
    await control.clearFaults();
    valueOf(await probe.api.resume(first.modelId));
    await probe.reaches(first.modelId, 'ready', 10_000);
    heard.close();
  });

  it('that waits for an hour is paused at once, and removed at once', async () => {
    const manifest = await manifestOf(busy);
    await control.fault({ type: 'status', status: 429, retryAfter: hour, at: ['content'] });
    const heard = hearProgress();
    valueOf(await probe.api.download(manifest));
    await expect.poll(() => heard.events.some(({ phase }) => phase === 'waiting')).toBe(true);
    valueOf(await probe.api.pause(manifest.modelId));
    await probe.reaches(manifest.modelId, 'paused');
    await control.clearFaults();
    valueOf(await probe.api.resume(manifest.modelId));
    await probe.reaches(manifest.modelId, 'ready', 10_000);
    heard.close();
  });

  it('that waits for one host is asked of another as soon as that is chosen', async () => {
    const manifest = await manifestOf(busy);
    await control.fault({ type: 'status', status: 429, retryAfter: hour, at: ['content'] });
    const heard = hearProgress();
    valueOf(await probe.api.download(manifest));
    await expect.poll(() => heard.events.some(({ phase }) => phase === 'waiting')).toBe(true);
    await control.clearFaults();
    // The same server, named in another form.
    valueOf(await probe.api.configure({ hubUrl: `${hub.origin}/{repo}/resolve/{revision}/{path}` }));
    await probe.reaches(manifest.modelId, 'ready', 10_000);
    heard.close();
  });

  it.each([
    // The same server, named in another form.
    ['another host', () => probe.api.configure({ hubUrl: `${hub.origin}/{repo}/resolve/{revision}/{path}` })],
    ['another try', (modelId: string) => probe.api.resume(modelId)],
  ] as const)('that is just being put off is not put off when %s is wanted in that moment', async (_, wish) => {
    const manifest = await manifestOf(busy);
    const path = `${busy}/params_shard_0.bin`;
    await control.fault({ type: 'status', status: 429, retryAfter: hour, at: ['content'], path, times: 1 });
    const heard = hearProgress();
    valueOf(await probe.api.download(manifest));
    // At once: that it waits is told before it is noted.
    await vi.waitUntil(() => heard.events.some(({ phase }) => phase === 'waiting'), { interval: 0, timeout: 15_000 });
    valueOf(await wish(manifest.modelId));
    await probe.reaches(manifest.modelId, 'ready');
    heard.close();
  });

  it('that a host has put off is not asked for again by the next visit before its time', async () => {
    const manifest = await manifestOf(busy);
    await control.fault({ type: 'status', status: 429, retryAfter: hour, at: ['content'] });
    const heard = hearProgress();
    valueOf(await probe.api.download(manifest));
    await expect.poll(() => heard.events.some(({ phase }) => phase === 'waiting')).toBe(true);
    await pause(300);
    probe.kill();
    await control.clearLog();
    heard.events.length = 0;
    probe = await WeightsProbe.at(hub.origin);
    await expect.poll(() => heard.events.some(({ phase }) => phase === 'waiting')).toBe(true);
    // Time for what must not happen.
    await pause(500);
    expect((await control.log()).length).toBe(0);
    heard.close();
  });
});

it('a library whose host asks for an hour is told at once, and the old one stays', async () => {
  const found = valueOf(
    await probe.api.inspect({ url: 'sotto-tests/mlc-tiny', libraryUrl: `${hub.origin}/files/mlc-tiny.wasm` }, 'a'),
  );
  if (found.kind !== 'model') throw new Error('a choice');
  const { modelId } = found.manifest;
  valueOf(await probe.api.download(found.manifest));
  await probe.reaches(modelId, 'ready');
  for (const skip of [0, 1]) {
    const url = await control.addFile(`v0_2_99/late${skip}.wasm`, { text: 'x'.repeat(100) });
    // The first request only asks how large it is.
    await control.fault({ type: 'status', status: 429, retryAfter: hour, path: `late${skip}`, skip });
    const { value, ms } = await timed(() => probe.api.updateLibrary(modelId, url));
    expect(failureOf(value).kind).toBe('host-busy');
    expect(ms).toBeLessThan(3000);
    expect((await probe.model(modelId))?.state).toBe('ready');
  }
});

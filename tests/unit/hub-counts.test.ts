// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HubControl } from '../fixtures/hub/hub-control';
import { arriving, bytesOf, get, repositoryId, useOneRepository, weightsPath } from '../fixtures/hub/one-repository';
import { RateLimit } from '../fixtures/hub/rate-limit';

const one = useOneRepository();

describe('what is counted', () => {
  it('is each request, and the bytes of each file', async () => {
    await bytesOf(await one.weights({ Range: 'bytes=10-19' }));
    await Promise.all([bytesOf(await one.weights()), bytesOf(await one.weights())]);
    const file = `${repositoryId}/${weightsPath}`;
    expect(one.hub.counts.files[file]).toMatchObject({ requests: 3, bytesWritten: 600_010, openNow: 0 });
    expect(one.hub.counts.socketBytes).toBeGreaterThan(600_010);
    expect(one.hub.log.slice(0, 2)).toMatchObject([
      { host: 'hub', place: 'resolve', method: 'GET', file, range: 'bytes=10-19', status: 302, end: 'finished' },
      { host: 'cdn', place: 'cdn', method: 'GET', file, range: 'bytes=10-19', status: 206, bytesWritten: 10 },
    ]);
    one.hub.clearLog();
    expect([one.hub.log, one.hub.counts.all.bytesWritten, one.hub.counts.socketBytes]).toEqual([[], 0, 0]);
  });

  it('is how many connections are open at once', async () => {
    one.hub.fault({ type: 'stall', afterBytes: 10 });
    const abort = new AbortController();
    const open = [1, 2, 3].map(() => get(`${one.hub.origin}/files/plain/model.gguf`, {}, { signal: abort.signal }));
    await Promise.all(open);
    expect(one.hub.counts.files['plain/model.gguf']).toMatchObject({ openNow: 3, openMost: 3 });
    abort.abort();
    await expect.poll(() => one.hub.counts.files['plain/model.gguf']).toMatchObject({ openNow: 0, openMost: 3 });
  });

  it('is open to other processes, and so are the faults', async () => {
    const control = new HubControl(one.hub.origin);
    const number = await control.fault({ type: 'status', status: 503 });
    expect((await one.weights()).status).toBe(503);
    await control.clearFaults(number);
    expect((await one.weights()).status).toBe(200);
    expect((await control.log()).map(({ status }) => status)).toEqual([302, 503, 302, 200]);
    expect((await control.counts()).files[`${repositoryId}/${weightsPath}`]).toMatchObject({ requests: 1 });
    const made = { id: 'sotto-tests/remote', files: [{ path: 'a.txt', content: { text: 'one' } }] };
    const first = await control.addRepository(made);
    const second = await control.pushCommit(made.id, [{ path: 'a.txt', content: { base64: 'dHdv' } }]);
    expect(second).not.toBe(first);
    expect(await (await get(`${one.hub.origin}/${made.id}/resolve/main/a.txt`)).text()).toBe('two');
    const address = await control.addFile('made up.bin', { bytes: 10, seed: 1 });
    expect(await bytesOf(await get(address))).toHaveLength(10);
    await control.reset();
    expect(await control.log()).toEqual([]);
    await expect(control.pushCommit('none', [])).rejects.toThrow('no repository none');
  });
});

describe('the speed', () => {
  const megabyte = 1_000_000;
  const fetchPart = async (bytes: number) =>
    (await arriving(await get(`${one.hub.origin}/files/big.bin`, { Range: `bytes=0-${bytes - 1}` }), 5000)).bytes;

  it('of all connections together is never more than what was set', async () => {
    one.hub.set({ bytesPerSecond: 40 * megabyte });
    const start = performance.now();
    const bytes = await Promise.all([4, 6, 10].map((count) => fetchPart(count * megabyte)));
    const rate = bytes.reduce((sum, count) => sum + count) / ((performance.now() - start) / 1000);
    expect(rate / (40 * megabyte)).toBeLessThan(1.02);
  });
});

describe('a limit of the speed', () => {
  // Not by the clock on the wall: a busy machine is slower than any limit.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('is used up by all connections together, and shared among them', async () => {
    const limit = new RateLimit(40_000_000);
    const start = performance.now();
    const endsAt = [10, 20, 30].map(async (megabytes) => {
      for (let left = megabytes * 1_000_000; left > 0; left -= limit.pieceBytes) await limit.take(limit.pieceBytes);
      return (performance.now() - start) / 1000;
    });
    await vi.runAllTimersAsync();
    const [first = 0, second = 0, third = 0] = await Promise.all(endsAt);
    expect(first).toBeCloseTo(30 / 40, 1);
    expect(second).toBeCloseTo(50 / 40, 1);
    expect(third).toBeCloseTo(60 / 40, 1);
  });

  it('that is none lets everything pass at once', async () => {
    const limit = new RateLimit(null);
    expect(limit.pieceBytes).toBe(Infinity);
    await limit.take(1e12);
    expect(vi.getTimerCount()).toBe(0);
  });
});

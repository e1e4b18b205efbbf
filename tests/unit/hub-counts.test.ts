// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { HubControl } from '../fixtures/hub/hub-control';
import { arriving, bytesOf, get, repositoryId, useOneRepository, weightsPath } from '../fixtures/hub/one-repository';

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

  it('of all connections together is what was set', { retry: 2 }, async () => {
    one.hub.set({ bytesPerSecond: 40 * megabyte });
    const start = performance.now();
    const bytes = await Promise.all([10, 20, 30].map((count) => fetchPart(count * megabyte)));
    const rate = bytes.reduce((sum, count) => sum + count) / ((performance.now() - start) / 1000);
    expect(rate / (40 * megabyte)).toBeGreaterThan(0.98);
    expect(rate / (40 * megabyte)).toBeLessThan(1.02);
  });

  it('is not held back otherwise', async () => {
    const start = performance.now();
    await fetchPart(300 * megabyte);
    // Far below what this machine does, far above what a limit, or a copy too many, would leave.
    expect((300 * megabyte) / ((performance.now() - start) / 1000)).toBeGreaterThan(150 * megabyte);
  });
});

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { FaultEffect } from '../fixtures/hub/fault';
import {
  arriving,
  bytesOf,
  get,
  repositoryId,
  useOneRepository,
  weightsBytes,
  weightsPath,
} from '../fixtures/hub/one-repository';

const one = useOneRepository();

describe('a fault', () => {
  const broken: FaultEffect[] = [
    { type: 'cut', afterBytes: 1000 },
    { type: 'cut', afterBytes: 0, reset: false },
  ];
  it.each(broken)('ends a connection after $afterBytes bytes', async (fault) => {
    one.hub.fault({ ...fault, times: 1 });
    const { afterBytes } = fault as { afterBytes: number };
    expect(await arriving(await one.weights())).toEqual({ bytes: afterBytes, end: 'broken' });
    expect(one.hub.log.at(-1)).toMatchObject({
      place: 'cdn',
      end: 'cut-by-hub',
      bytesWritten: afterBytes,
      faults: ['cut'],
    });
    expect((await bytesOf(await one.weights())).equals(weightsBytes)).toBe(true);
  });

  it('resets a connection', async () => {
    one.hub.fault({ type: 'cut', afterBytes: 1000, reset: true });
    expect((await arriving(await one.weights())).end).toBe('broken');
  });

  it('lets a file stall: the connection stays open, and nothing more comes', async () => {
    one.hub.fault({ type: 'stall', afterBytes: 70_000 });
    expect(await arriving(await one.weights())).toEqual({ bytes: 70_000, end: 'silent' });
    await expect.poll(() => one.hub.log.at(-1)?.end).toBe('closed-by-client');
    expect(one.hub.counts.all.openNow).toBe(0);
  });

  it('leaves a request without an answer', async () => {
    one.hub.fault({ type: 'silent', at: ['resolve'] });
    await expect(get(`${one.resolve}/${weightsPath}`, {}, { signal: AbortSignal.timeout(100) })).rejects.toThrow(
      'timeout',
    );
  });

  it('sends a file no faster than it says', async () => {
    one.hub.fault({ type: 'slow', bytesPerSecond: 600_000 });
    const start = performance.now();
    await bytesOf(await one.weights());
    expect(performance.now() - start).toBeGreaterThan(480);
  });

  it.each([401, 403, 404, 408, 410, 416, 425, 429, 500, 502, 503, 504])(
    'answers a request with status %i',
    async (status) => {
      one.hub.fault({ type: 'status', status, retryAfter: 7, path: '*.gguf' });
      const response = await one.weights();
      expect([response.status, response.headers.get('Retry-After')]).toEqual([status, '7']);
    },
  );

  it.each<[FaultEffect, number, string, string]>([
    [{ type: 'html' }, 200, 'text/html; charset=utf-8', '<!doctype html>'],
    [{ type: 'json-error' }, 200, 'application/json; charset=utf-8', '{"error":'],
    [{ type: 'expired' }, 403, 'text/xml', 'AccessDenied'],
    [{ type: 'range-not-satisfiable' }, 416, 'text/plain', 'Range'],
    [{ type: 'login-redirect' }, 200, 'text/html', 'Log in'],
  ])('answers with something else than the file: %o', async (fault, status, type, text) => {
    one.hub.fault(fault);
    const response = await one.weights({ Range: 'bytes=5-9' });
    expect([response.status, response.headers.get('Content-Type')]).toEqual([status, type]);
    expect(await response.text()).toContain(text);
    if (fault.type === 'login-redirect') expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('sends less than was promised', async () => {
    one.hub.fault({ type: 'wrong-length', by: -1000 });
    expect(await arriving(await one.weights())).toEqual({ bytes: 299_000, end: 'broken' });
  });

  it('sends more than was promised', async () => {
    one.hub.fault({ type: 'wrong-length', by: 1000 });
    const response = await one.weights();
    expect(response.headers.get('Content-Length')).toBe('300000');
    await response.arrayBuffer().catch(() => null);
    await expect.poll(() => one.hub.log.at(-1)?.bytesWritten).toBe(301_000);
  });

  it('tells no length', async () => {
    one.hub.fault({ type: 'chunked' });
    const response = await one.weights();
    expect([response.headers.get('Content-Length'), response.headers.get('Transfer-Encoding')]).toEqual([
      null,
      'chunked',
    ]);
    expect((await bytesOf(response)).equals(weightsBytes)).toBe(true);
  });

  it('sends the whole file to who asked for a range', async () => {
    one.hub.fault({ type: 'ignore-range' });
    const response = await one.weights({ Range: 'bytes=5-9' });
    expect([response.status, (await bytesOf(response)).length]).toEqual([200, weightsBytes.length]);
  });

  it('sends another range', async () => {
    one.hub.fault({ type: 'wrong-range', by: 100 });
    const response = await one.weights({ Range: 'bytes=5-9' });
    expect(response.headers.get('Content-Range')).toBe('bytes 105-109/300000');
    expect((await bytesOf(response)).equals(weightsBytes.subarray(105, 110))).toBe(true);
  });

  it('changes the content and its tag', async () => {
    const before = await one.weights();
    one.hub.fault({ type: 'changed' });
    const after = await one.weights({ Range: 'bytes=1-' });
    expect(after.headers.get('ETag')).not.toBe(before.headers.get('ETag'));
    const bytes = await bytesOf(after);
    expect([bytes.length, bytes.equals(weightsBytes.subarray(1))]).toEqual([weightsBytes.length - 1, false]);
  });

  it('flips one byte', async () => {
    one.hub.fault({ type: 'flip', offset: 150_000 });
    const bytes = await bytesOf(await one.weights({ Range: 'bytes=1000-' }));
    const wrong = [...bytes.keys()].filter((at) => bytes[at] !== weightsBytes[at + 1000]);
    expect(wrong).toEqual([149_000]);
  });

  it.each<['weak' | 'none' | 'other', RegExp]>([
    ['weak', /^W\/"[0-9a-f]{64}"$/],
    ['none', /^null$/],
    ['other', /^"other-[0-9a-f]{32}"$/],
  ])('has the tag: %s', async (as, tag) => {
    one.hub.fault({ type: 'etag', as });
    expect(String((await one.weights()).headers.get('ETag'))).toMatch(tag);
  });

  it.each<[FaultEffect['type'], string]>([
    ['no-cors', 'Access-Control-Allow-Origin'],
    ['hide-headers', 'Access-Control-Expose-Headers'],
    ['no-accept-ranges', 'Accept-Ranges'],
  ])('named %s takes away its header', async (type, header) => {
    expect((await one.weights()).headers.get(header)).not.toBeNull();
    one.hub.fault({ type } as FaultEffect);
    expect((await one.weights()).headers.get(header)).toBeNull();
  });

  it('refuses preflights, which are granted otherwise', async () => {
    const preflight = (url: string) =>
      get(
        url,
        { Origin: 'http://x', 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'range' },
        { method: 'OPTIONS' },
      );
    for (const url of [`${one.resolve}/${weightsPath}`, `${one.hub.cdnOrigin}/xet-bridge-us/a/b`]) {
      const granted = await preflight(url);
      expect([granted.status, granted.headers.get('Access-Control-Allow-Headers')]).toEqual([200, 'Range']);
    }
    one.hub.set({ allowHeaders: ['Range', 'If-Range'] });
    expect((await preflight(one.resolve + '/a')).headers.get('Access-Control-Allow-Headers')).toBe('Range,If-Range');
    one.hub.fault({ type: 'preflight-refused' });
    const refused = await preflight(`${one.resolve}/${weightsPath}`);
    expect([refused.status, refused.headers.get('Access-Control-Allow-Origin')]).toEqual([403, null]);
    expect((await one.weights()).status).toBe(200);
  });

  it('strikes where, when and as often as it is told', async () => {
    one.hub.fault({ type: 'status', status: 503, path: 'none/*' });
    one.hub.fault({ type: 'status', status: 500, path: `*/${weightsPath}`, skip: 1, times: 2 });
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await one.weights()).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    const number = one.hub.fault({ type: 'status', status: 404, at: ['resolve', 'revision'] });
    expect((await one.weights()).status).toBe(404);
    expect((await get(`${one.hub.origin}/api/models/${repositoryId}/revision/main`)).status).toBe(404);
    one.hub.clearFaults(number);
    expect((await one.weights()).status).toBe(200);
  });
});

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  get,
  hexOf,
  smallBytes,
  useOneRepository,
  weightsBytes,
  weightsPath,
} from '../fixtures/hub/one-repository';

const one = useOneRepository();

describe('a file', () => {
  it('that is large lies on the CDN, for a while', async () => {
    one.hub.set({ signatureSeconds: 0.2 });
    const response = await get(`${one.resolve}/${weightsPath}`, {}, { redirect: 'manual' });
    expect(response.status).toBe(302);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-repo-commit': one.commit,
      'x-linked-size': String(weightsBytes.length),
      'x-linked-etag': `"${hexOf('sha256', weightsBytes)}"`,
      'accept-ranges': 'bytes',
      'access-control-allow-origin': 'https://huggingface.co',
    });
    const address = response.headers.get('Location') ?? '';
    expect(new URL(address).origin).toBe(one.hub.cdnOrigin);
    const good = await get(address);
    expect(good.headers.get('Access-Control-Allow-Origin')).toBe('*');
    // The CDN names the content by a hash of its own.
    expect(good.headers.get('ETag')).toBe(`"${response.headers.get('X-Xet-Hash') ?? ''}"`);
    expect((await bytesOf(good)).equals(weightsBytes)).toBe(true);
    await new Promise((done) => setTimeout(done, 220));
    const late = await get(address);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
    expect((await get(address.replace('Expires=1', 'Expires=2'))).status).toBe(403);
  });

  it('that is small comes from the hub, by way of another address or at once', async () => {
    const moved = await get(`${one.resolve}/config.json`, {}, { redirect: 'manual' });
    expect([moved.status, moved.headers.get('Location')]).toEqual([
      307,
      expect.stringMatching(/^\/api\/resolve-cache\//),
    ]);
    const tag = `"${hexOf('sha1', `blob ${smallBytes.length}\0`, smallBytes)}"`;
    const cached = await get(`${one.resolve}/config.json`);
    expect([cached.headers.get('ETag'), cached.headers.get('X-Repo-Commit')]).toEqual([tag, one.commit]);
    expect(await cached.json()).toEqual({ a: 1 });
    one.hub.set({ smallFiles: 'direct' });
    const direct = await get(`${one.resolve}/config.json`, {}, { redirect: 'manual' });
    expect([direct.status, direct.headers.get('ETag')]).toEqual([200, tag]);
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=100-299', 100, 300],
    ['bytes=299000-', 299_000, 300_000],
    ['bytes=299000-999999999', 299_000, 300_000],
    ['bytes=-7', 299_993, 300_000],
  ])('gives the part %s', async (range, start, end) => {
    const response = await one.weights({ Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe(`bytes ${start}-${end - 1}/300000`);
    expect(response.headers.get('Content-Length')).toBe(String(end - start));
    expect((await bytesOf(response)).equals(weightsBytes.subarray(start, end))).toBe(true);
  });

  it('has no part beyond its end', async () => {
    const response = await one.weights({ Range: 'bytes=300000-' });
    expect([response.status, response.headers.get('Content-Range')]).toEqual([416, 'bytes */300000']);
  });

  it.each(['bytes=5-2', 'bytes=a-b', 'bytes=0-1,4-5', 'lines=1-2'])('ignores the range %s', async (range) => {
    const response = await one.weights({ Range: range });
    expect([response.status, (await bytesOf(response)).length]).toEqual([200, weightsBytes.length]);
  });

  it('gives a part only of what If-Range names', async () => {
    const url = `${one.hub.origin}/files/plain/model.gguf`;
    const etag = (await get(url)).headers.get('ETag') ?? '';
    expect((await get(url, { Range: 'bytes=1-2', 'If-Range': etag })).status).toBe(206);
    expect((await get(url, { Range: 'bytes=1-2', 'If-Range': '"else"' })).status).toBe(200);
    one.hub.fault({ type: 'etag', as: 'weak' });
    expect((await get(url, { Range: 'bytes=1-2', 'If-Range': `W/${etag}` })).status).toBe(200);
  });

  it('tells its length to HEAD, without its bytes', async () => {
    const response = await get(`${one.resolve}/${weightsPath}`, {}, { method: 'HEAD' });
    expect([response.headers.get('Content-Length'), (await bytesOf(response)).length]).toEqual(['300000', 0]);
  });

  it('may be made up: the same from any offset, different in every block', async () => {
    const part = async (start: number, end: number) =>
      bytesOf(await get(`${one.hub.origin}/files/big.bin`, { Range: `bytes=${start}-${end - 1}` }));
    const mebibyte = 1024 ** 2;
    const whole = await part(0, 3 * mebibyte);
    expect((await part(mebibyte - 5, mebibyte + 20)).equals(whole.subarray(mebibyte - 5, mebibyte + 20))).toBe(true);
    expect((await part(mebibyte + 3, mebibyte + 9)).equals(whole.subarray(mebibyte + 3, mebibyte + 9))).toBe(true);
    expect(whole.subarray(0, mebibyte).equals(whole.subarray(mebibyte, 2 * mebibyte))).toBe(false);
    expect(await part(3 * 1024 * mebibyte - 4, 3 * 1024 * mebibyte)).toHaveLength(4);
  });

  it('that is made up has a hash, too', async () => {
    const made = { bytes: 5_000_000, seed: 9 };
    one.hub.addRepository({ id: 'sotto-tests/made', files: [{ path: 'made.bin', content: made }] });
    const response = await get(`${one.hub.origin}/sotto-tests/made/resolve/main/made.bin`, {}, { redirect: 'manual' });
    const whole = await bytesOf(await get(response.headers.get('Location') ?? ''));
    expect(response.headers.get('X-Linked-ETag')).toBe(`"${hexOf('sha256', whole)}"`);
  });
});

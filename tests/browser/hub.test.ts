/** The hub of the tests, as a page sees it: what CORS lets through, and whether its models are models. */
import { beforeEach, expect, inject, it } from 'vitest';
import { HubControl } from '../fixtures/hub/hub-control';
import { standardAnswers } from '../fixtures/hub/standard-answers';
import { valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest } from '../fixtures/llama-cpp-probe';

const { origin, cdnOrigin } = inject('hub');
const control = new HubControl(origin);
const tiny = `${origin}/sotto-tests/tiny-gguf/resolve/main/tiny-Q4_K_M.gguf`;
const ask = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers, cache: 'no-store' });

const probes = new LlamaCppProbes();
beforeEach(() => control.reset());

it('lets a page follow from the hub to its CDN, and read what it needs', async () => {
  const response = await ask(tiny, { Range: 'bytes=0-3' });
  expect([response.status, await response.text(), new URL(response.url).origin]).toEqual([206, 'GGUF', cdnOrigin]);
  expect(response.headers.get('Content-Range')).toMatch(/^bytes 0-3\/\d+$/);
  expect(response.headers.get('ETag')).toMatch(/^"[0-9a-f]{64}"$/);
  const log = await control.log();
  // A single range needs no preflight.
  expect(log.map(({ method, place, status }) => [method, place, status])).toEqual([
    ['GET', 'resolve', 302],
    ['GET', 'cdn', 206],
  ]);
});

it('asks before If-Range, which may be refused', async () => {
  await control.set({ preflightSeconds: 0 });
  await expect(ask(tiny, { Range: 'bytes=0-3', 'If-Range': '"a"' })).rejects.toThrow('Failed to fetch');
  await control.set({ allowHeaders: ['Range', 'If-Range'] });
  const response = await ask(tiny, { Range: 'bytes=0-3', 'If-Range': '"a"' });
  expect(response.status).toBe(200);
  await response.body?.cancel();
});

it.each([{ type: 'no-cors' } as const, { type: 'login-redirect' } as const, { type: 'cut', afterBytes: 0 } as const])(
  'fails as the network does: $type',
  async (fault) => {
    await control.fault(fault);
    await expect(ask(tiny).then((response) => response.arrayBuffer())).rejects.toThrow(TypeError);
  },
);

it('hides headers when told to', async () => {
  await control.fault({ type: 'hide-headers' });
  const { headers } = await ask(tiny, { Range: 'bytes=0-3' });
  expect([headers.get('Content-Range'), headers.get('ETag'), headers.get('Content-Length')]).toEqual([null, null, '4']);
});

it.each([
  ['tiny-gguf', ['tiny-Q4_K_M.gguf'], standardAnswers.tiny],
  ['two-ggufs', ['two-Q8_0.gguf'], standardAnswers.other],
  ['split-gguf', [1, 2, 3].map((part) => `split-Q4_K_M-0000${part}-of-00003.gguf`), standardAnswers.split],
] as const)('%s is a model that llama.cpp loads', async (repository, paths, answer) => {
  const url = (path: string) => `${origin}/sotto-tests/${repository}/resolve/main/${path}`;
  const files = await Promise.all(paths.map(async (path) => (await ask(url(path))).blob()));
  const probe = probes.start();
  valueOf(await probe.load(loadRequest(files)));
  const said = valueOf(await probe.generate({ turns: [{ role: 'user', content: 'Hello?' }] }));
  expect(said.text).toBe(answer.join(''));
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page, Worker } from '@playwright/test';
import { expect, test } from './test';

const folder = join(import.meta.dirname, '../../dist-test');
const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));

/** The engine worker, once its code runs. */
async function engineWorker(page: Page): Promise<Worker> {
  const isEngine = (worker: Worker): boolean => worker.url().includes('/engine-worker/');
  return page.workers().find(isEngine) ?? page.waitForEvent('worker', isEngine);
}

test('every response has the policy and isolates the page', async ({ request }) => {
  for (const path of ['/', '/no/such/file', ...files()]) {
    const headers = (await request.get(path)).headers();
    const policy = headers['content-security-policy'];
    expect(policy, path).toContain(`default-src 'none'`);
    expect(headers, path).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      // Only what finds out whether a server is there: see `withoutCredentials` of the headers.
      'cross-origin-embedder-policy': path.startsWith('/reach-worker/') ? 'credentialless' : 'require-corp',
      // Frames without an origin are of no site, and Firefox loads them only so.
      'cross-origin-resource-policy': /^\/(preview|diagram)\//.test(path) ? 'cross-origin' : 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      // Two things of the device, for the page alone, when a person presses the button; nothing else.
      'permissions-policy': expect.stringMatching(/^(?:(?:camera|microphone)=\(self\)|[a-z-]+=\(\)|, )+$/),
    });
    // Only the engine worker may make workers of Blobs; only the weights worker reaches the hosts of weights.
    const isEngineWorker = path.startsWith('/engine-worker/');
    expect(policy?.includes(`worker-src 'self' blob:`), path).toBe(isEngineWorker);
    expect(policy?.includes('huggingface.co'), path).toBe(path.startsWith('/weights-worker/'));
    expect(policy?.includes('require-trusted-types-for'), path).toBe(!isEngineWorker);
    // Servers of one's own are reached by two workers, and by nothing else.
    const reachesServers = /^\/(server|reach)-worker\//.test(path);
    expect(policy?.includes('http://127.0.0.1:*'), path).toBe(reachesServers);
  }
});

test('the page is cross-origin isolated, and without WebRTC', async ({ page, sotto }) => {
  await sotto.open();
  const facts = await page.evaluate(() => [crossOriginIsolated, 'RTCPeerConnection' in globalThis]);
  expect(facts).toEqual([true, false]);
});

test('the engine worker reaches no other host, nor do workers that it makes', async ({ page, sotto, watched }) => {
  const heard: string[] = [];
  const stranger = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Content-Type', 'text/javascript');
    response.end('export {}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, 'localhost', resolve));
  const address = `http://localhost:${(stranger.address() as AddressInfo).port}`;

  await sotto.open();
  const worker = await engineWorker(page);
  const missing = await worker.evaluate(() =>
    ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'WebTransport', 'importScripts'].filter(
      (name) => (self as unknown as Record<string, unknown>)[name] !== undefined,
    ),
  );
  expect(missing, 'taken out of the scope').toEqual([]);

  const outcomes = await worker.evaluate(async (host) => {
    const attempts = `
      const tries = {
        fetch: () => fetch('${host}/fetch'),
        xhr: () => new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.onload = resolve; request.onerror = () => reject(new Error('blocked'));
          request.open('GET', '${host}/xhr'); request.send();
        }),
        socket: () => new Promise((resolve, reject) => {
          const socket = new WebSocket('${host.replace('http', 'ws')}/socket');
          socket.onopen = resolve; socket.onerror = () => reject(new Error('blocked'));
        }),
        import: () => import('${host}/import'),
      };
      const results = {};
      for (const [name, attempt] of Object.entries(tries)) {
        results[name] = await attempt().then(() => 'reached', () => 'blocked');
      }
      postMessage(results);
    `;
    const nested = new Worker(URL.createObjectURL(new Blob([attempts], { type: 'text/javascript' })), {
      type: 'module',
    });
    const fromNested = await new Promise((resolve, reject) => {
      nested.onmessage = ({ data }) => resolve(data);
      nested.onerror = ({ message }) => reject(new Error(message));
    });
    const own = await import(/* @vite-ignore */ `${host}/own-import`).then(
      () => 'reached',
      () => 'blocked',
    );
    return { fromNested, own };
  }, address);
  stranger.close();
  expect(outcomes).toEqual({
    fromNested: { fetch: 'blocked', xhr: 'blocked', socket: 'blocked', import: 'blocked' },
    own: 'blocked',
  });
  expect(heard).toEqual([]);
  // The browser complains about the attempts themselves.
  watched.forgive(new RegExp(address));
});

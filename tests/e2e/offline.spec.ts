import { InstalledApp } from './installed-app';
import { ModelFiles } from './model-files';
import { startStaticServer } from '../fixtures/static-server';
import { expect, test } from './test';

const question = 'How do I use this offline?';
/** The bundler names the script of the first load by its entry or by its group. */
const firstScript = /assets\/(first|index)-.*\.js$/;
const hosts = [
  { name: 'a host that sends the headers', base: '/', headers: 'all' },
  { name: 'a host that sends none, in a folder', base: '/some/path/', headers: 'none' },
] as const;

for (const { name, base, headers } of hosts) {
  test(`${name}: with the network gone and the browser restarted, the Guide and a model of one's own answer`, async () => {
    const files = await ModelFiles.create();
    const server = await startStaticServer({ base, headers });
    const app = await InstalledApp.create(server.address);
    try {
      let sotto = await app.open();
      await app.stored(sotto);
      const parrot = await files.scripted('parrot', { answer: ['Hello', ' from', ' a', ' file'] });
      await sotto.openFile(parrot);
      await expect(sotto.button('Use', sotto.page.getByRole('article', { name: 'parrot' }))).toBeVisible();
      await app.close();
      await server.close();

      sotto = await app.open();
      await expect(sotto.message).toBeVisible();
      // Not asked before: on a host without headers the service worker adds them.
      expect(await sotto.page.evaluate(() => crossOriginIsolated)).toBe(true);
      expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
      await sotto.use('parrot');
      await sotto.newChat();
      expect(await sotto.answerTo('Hello?')).toContain('Hello from');
      for (const screen of ['Models', 'Benchmark', 'Privacy', 'Settings'] as const) {
        await sotto.goTo(screen);
        await expect(sotto.page.getByRole('heading', { level: 1, name: screen })).toBeVisible();
      }
      await sotto.goTo('Benchmark');
      await sotto.button('Run benchmark').click();
      await expect(sotto.page.getByRole('status').first()).toContainText('Measuring', { timeout: 60_000 });
      await sotto.stop.click();
      const report = await app.context.newPage();
      await report.goto(`${server.address}benchmark/validation.md`);
      await expect(report.getByText('How the benchmark itself was validated')).toBeVisible();
      await report.goto(`${server.address}licenses.txt`);
      await expect(report.locator('body')).toContainText('llama.cpp and ggml');
      await report.close();
      // Any address of the app leads to it, also one that never was.
      await sotto.page.goto(`${server.address}no/such/page`);
      await expect(sotto.message).toBeVisible();
      // The browser asks for the icon of a tab past the service worker, also for the report, and for the page that never was at the host.
      app.watched.forgive(/icons\/|favicon|no\/such\/page|ERR_CONNECTION_REFUSED.*service-worker/);
    } finally {
      await app.remove();
      await files.remove();
      await server.close().catch(() => undefined);
    }
  });
}

test('a first visit on a slow line shows the chat before the engines have come; the page then isolates itself once', async () => {
  const server = await startStaticServer({ headers: 'none', slow: /\.(wasm|gguf)$/ });
  const app = await InstalledApp.create(server.address);
  try {
    let loads = 0;
    const sotto = await app.open();
    sotto.page.on('load', () => (loads += 1));
    await expect(sotto.message).toBeVisible();
    expect(server.requests.some((path) => path.endsWith('.wasm'))).toBe(false);
    server.hurry();
    await expect.poll(() => loads, { timeout: 30_000 }).toBe(1);
    await expect(sotto.message).toBeVisible();
    expect(await sotto.page.evaluate(() => crossOriginIsolated)).toBe(true);
    // Once: an isolated page has no reason to try again.
    await sotto.page.waitForTimeout(1000);
    expect(loads).toBe(1);
  } finally {
    await app.remove();
    await server.close();
  }
});

test('the first answer has the line to itself, and what it needed is not fetched again for use offline', async () => {
  const server = await startStaticServer({ caching: 'documented', slow: /\.gguf$/ });
  const app = await InstalledApp.create(server.address);
  try {
    const sotto = await app.open();
    await sotto.ask(question);
    // Time enough for the copy to begin, were it not waiting.
    await sotto.page.waitForTimeout(7000);
    expect(server.requests.filter((path) => path.endsWith('service-worker.js'))).toEqual([]);
    server.hurry();
    await sotto.whole();
    await app.stored(sotto);
    expect(server.sent).toContain('/models/guide.gguf');
    expect(server.sent.filter((path, index) => server.sent.indexOf(path) !== index)).toEqual([]);
  } finally {
    await app.remove();
    await server.close();
  }
});

test('a page of HTML under the address of a script is refused, in the cache and from the host', async () => {
  const server = await startStaticServer();
  const app = await InstalledApp.create(server.address);
  try {
    let sotto = await app.open();
    await app.stored(sotto);
    const poisoned = await sotto.page.evaluate(async (pattern) => {
      const name = (await caches.keys()).find((key) => key.includes(':release:')) ?? '';
      const cache = await caches.open(name);
      const scripts = (await cache.keys()).filter(({ url }) => new RegExp(pattern).test(url));
      for (const { url } of scripts)
        await cache.put(url, new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }));
      return scripts.length;
    }, firstScript.source);
    expect(poisoned).toBeGreaterThan(0);
    await app.close();

    sotto = await app.open();
    await expect(sotto.message).toBeVisible();
    expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
    expect(server.requests.filter((path) => firstScript.test(path)).length).toBeGreaterThan(1);
  } finally {
    await app.remove();
    await server.close();
  }
});

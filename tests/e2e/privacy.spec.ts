import type { Page } from '@playwright/test';
import { startListener } from './listener';
import type { SottoPage } from './sotto-page';
import { everywhere, expect, test } from './test';

test.use({ serviceWorkers: 'allow' });

const question = 'How do I use this offline?';

const requests = (page: Page) => page.getByRole('table', { name: 'Requests' });

test('the self-test tries every way out, and a real listener hears nothing', async ({ page, sotto, watched }) => {
  const listener = await startListener();
  await sotto.open();
  await sotto.answerTo(question);
  await sotto.untilOffline();
  await sotto.goTo('Privacy');
  const outcomes = await sotto.selfTest(listener.origin);
  for (const thread of [
    'Page',
    'Engine',
    'Downloads',
    'Server connection',
    'Formatting',
    'Checks in the Lab',
    'Service worker',
  ])
    expect(outcomes.filter(([from]) => from === thread).length, thread).toBeGreaterThanOrEqual(8);
  // Not only by what is missing: the policy itself is seen at work in each of them.
  for (const thread of ['Page', 'Engine', 'Downloads', 'Server connection', 'Formatting', 'Checks in the Lab'])
    expect(
      outcomes.some(([from, outcome]) => from === thread && outcome === 'policy'),
      thread,
    ).toBe(true);
  expect(listener.heard).toEqual([]);
  await expect(page, 'still here').toHaveURL(/#\/privacy/);
  await expect(requests(page).getByRole('row').filter({ hasText: 'blocked, not sent' }).first()).toBeVisible();
  listener.close();
  // The browser complains about the attempts themselves.
  watched.forgive(/sotto-self-test/);
});

test('the self-test asks a service worker that does not control the page, too', async ({ page, sotto, watched }) => {
  await sotto.open('Settings');
  await sotto.untilOffline();
  // Past the service worker, as with Shift held down.
  const session = await page.context().newCDPSession(page);
  await Promise.all([page.waitForEvent('load'), session.send('Page.reload', { ignoreCache: true })]);
  await sotto.goTo('Privacy');
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  const outcomes = await sotto.selfTest('https://sotto-self-test.invalid');
  expect(outcomes.filter(([from]) => from === 'Service worker').length).toBeGreaterThanOrEqual(8);
  watched.forgive(/sotto-self-test/);
});

test.describe('without a service worker', () => {
  test.use({ serviceWorkers: 'block' });

  test('the self-test says that there was none to test', async ({ page, sotto, watched }) => {
    await sotto.open('Privacy');
    const outcomes = await sotto.selfTest('https://sotto-self-test.invalid');
    expect(outcomes.filter(([from]) => from === 'Service worker')).toEqual([]);
    await expect(page.getByText('No service worker is installed in this browser yet')).toBeVisible();
    watched.forgive(/sotto-self-test/);
  });
});

test('every request is on the list, also after a reload, and the list can be cleared', async ({ page, sotto }) => {
  const asked = new Set<string>();
  page.on('request', (request) => {
    // What the service worker answers from the device leaves it as little as a Blob does.
    if (request.url().startsWith('http')) asked.add(new URL(request.url()).pathname);
  });
  await sotto.open();
  await sotto.answerTo(question);
  await sotto.goTo('Privacy');
  // The copy for use without a network makes hundreds of its own meanwhile, and threads tell theirs when they come to it.
  await expect(async () => {
    while (await sotto.button('Show more').isVisible()) await sotto.button('Show more').click();
    const listed = (await requests(page).textContent()) ?? '';
    // Icons are asked for by the browser itself, which tells no page of it.
    const missing = [...asked, '/models/guide.gguf'].filter(
      (path) => !/icons|favicon|manifest|PrivacyScreen/.test(path) && !listed.includes(path),
    );
    expect(missing).toEqual([]);
  }).toPass({ timeout: 30_000 });
  const before = await requests(page).getByRole('row').count();
  await page.reload();
  await expect.poll(() => requests(page).getByRole('row').count()).toBeGreaterThan(Math.min(before, 20) - 1);
  await sotto.button('Clear list').click();
  await expect(requests(page).getByRole('row').filter({ hasText: 'models/guide.gguf' })).toHaveCount(0);
});

test('deleting everything leaves nothing, in two tabs, and says so', everywhere, async ({ context, page, sotto }) => {
  await sotto.open();
  await sotto.answerTo(question);
  await sotto.goTo('Settings');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.getByText('Sotto works offline')).toBeVisible({ timeout: 30_000 });
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  // As another part of the browser may have left it.
  await page.evaluate(async () => {
    // WebKit's private windows have no such folder.
    const folder = await (navigator as Partial<Navigator>).storage?.getDirectory?.();
    await folder?.getFileHandle('a-file', { create: true });
  });
  await sotto.goTo('Privacy');
  await sotto.button('Delete everything').click();
  await expect(sotto.button('Export first')).toBeVisible();
  await sotto.button('Delete all data').click();
  await expect(page.getByRole('heading', { name: 'Everything was deleted' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Sotto was deleted in another tab' })).toBeVisible();
  const left = await page.evaluate(async () => {
    const files: string[] = [];
    const folder = await (navigator as Partial<Navigator>).storage?.getDirectory?.();
    for await (const name of folder?.keys() ?? []) files.push(name);
    return {
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      files,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      settings: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
    };
  });
  expect(left).toEqual({ databases: [], caches: [], files: [], workers: 0, settings: [] });
  await sotto.button('Start over').click();
  await expect(sotto.message).toBeVisible();
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(0);
});

test('a link cannot delete anything', async ({ page, sotto }) => {
  await sotto.open();
  await sotto.answerTo(question);
  for (const address of ['/#/deletion', '/?deletion=here', '/#/privacy?delete']) {
    await page.goto(address);
    await expect(sotto.chat(question)).toBeVisible();
  }
});

test('what the browser has deleted is noticed and explained', async ({ page, sotto }) => {
  await sotto.open();
  await sotto.answerTo(question);
  await sotto.goTo('Privacy');
  await expect.poll(() => page.evaluate(() => localStorage.getItem('sotto.kept'))).toContain('"chats":1');
  // As Chromium does it: databases go, local storage stays.
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', {
    origin: new URL(page.url()).origin,
    storageTypes: 'indexeddb,cache_storage,service_workers',
  });
  await page.reload();
  await expect(page.getByText('The browser deleted data that Sotto kept here (1 chat).')).toBeVisible();
  await sotto.button('OK').click();
  await page.reload();
  await expect(sotto.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('The browser deleted')).toHaveCount(0);
});

async function visitEverything(sotto: SottoPage): Promise<void> {
  const { page } = sotto;
  await sotto.answerTo(question);
  await sotto.button('Model').click();
  await page.keyboard.press('Escape');
  await sotto.goTo('Models');
  await sotto.button('Add a model').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  for (const screen of ['Benchmark', 'Privacy', 'Settings', 'Chat'] as const) {
    await sotto.goTo(screen);
    await expect(
      screen === 'Chat' ? sotto.message : page.getByRole('heading', { level: 1, name: screen }),
    ).toBeVisible();
  }
  await sotto.chat(question).first().getByRole('button').click();
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
}

test('no screen, menu or dialog breaks the policy, from the host and from the device', async ({ page, sotto }) => {
  // Every test fails on a report of a broken policy; this one goes everywhere.
  await sotto.open();
  await visitEverything(sotto);
  await sotto.untilOffline();
  await page.goto('/reset.html');
  await expect(page.getByRole('heading', { name: 'Repair Sotto' })).toBeVisible();
  await sotto.open();
  expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await visitEverything(sotto);
});

/** Two builds of the app: a newer one is offered, and never forced. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { promisify } from 'node:util';
import { countingWords, playScript } from '../fixtures/scripted-answers';
import { InstalledApp } from './installed-app';
import { SottoPage } from './sotto-page';
import { startStaticServer, type StaticServer } from '../fixtures/static-server';
import { expect, test } from './test';

const note = 'the second build';
const question = 'How do I use this offline?';
let newer: string;
let server: StaticServer;
let app: InstalledApp;

test.beforeAll(async () => {
  newer = await mkdtemp(join(tmpdir(), 'sotto-newer-'));
  const env = { ...process.env, SOTTO_BUILD_NOTE: note };
  await promisify(execFile)('npx', ['vite', 'build', '--logLevel', 'error', '--outDir', newer, '--emptyOutDir'], {
    env,
  });
});
test.afterAll(() => rm(newer, { recursive: true, force: true }));

test.beforeEach(async () => {
  test.slow();
  server = await startStaticServer();
  app = await InstalledApp.create(server.address);
});
test.afterEach(async () => {
  await app.remove();
  await server.close().catch(() => undefined);
});

const offer = (sotto: SottoPage): Locator => sotto.button('Update now');

/** All of a version is fetched, checked and stored before it is offered, on whatever cores there are. */
const expectOffer = (sotto: SottoPage): Promise<void> => expect(offer(sotto)).toBeVisible({ timeout: 60_000 });

/** Settings tells which version runs. */
async function expectVersion(sotto: SottoPage, version: RegExp): Promise<void> {
  await sotto.goTo('Settings');
  await expect(sotto.page.getByText(/^Sotto \d+\.\d+\.\d+/)).toContainText(version);
}

test('the old version works until a person agrees, also after a restart; the new one then needs no network', async () => {
  let sotto = await app.open();
  await app.stored(sotto);
  server.deploy(newer);
  await app.close();

  // A restart is no consent.
  sotto = await app.open('#/settings');
  await expectOffer(sotto);
  await expectVersion(sotto, /^(?!.*second build)/);
  await sotto.button('Later').click();
  await expect(offer(sotto)).toHaveCount(0);
  await app.close();
  await server.close();

  // All of it is here already: agreeing needs no network.
  sotto = await app.open();
  const other = new SottoPage(await app.context.newPage());
  await playScript(other.page, { answers: [countingWords(2000, 20)], measure: { promptTokenMs: 3, tokenMs: 25 } });
  await other.page.goto(server.address);
  await other.ask('Go on for long');
  await expect(other.answer).toContainText('word5');
  await expect(offer(other), 'not while an answer is written').toHaveCount(0);
  await sotto.page.bringToFront();
  await sotto.message.fill('A draft that must not be lost');
  await offer(sotto).click();
  await expect(sotto.page.getByText('Sotto is busy')).toBeVisible();
  await other.stop.click();
  await other.whole();
  await expectOffer(other);
  await other.goTo('Benchmark');
  await other.button('Run benchmark').click();
  await expect(other.page.getByRole('status').first()).toContainText('Measuring');
  await expect(offer(other), 'not while a benchmark runs').toHaveCount(0);
  // The notice of the first refusal may still be there.
  await expect(sotto.page.getByText('Sotto is busy')).toHaveCount(0);
  await offer(sotto).click();
  await expect(sotto.page.getByText('Sotto is busy')).toBeVisible();
  await other.stop.click();
  await other.goTo('Chat');
  await expectOffer(other);

  const reloads = [sotto, other].map(({ page }) => page.waitForEvent('load'));
  await offer(sotto).click();
  await Promise.all(reloads);
  await expect(sotto.message).toHaveValue('A draft that must not be lost');
  await expect(other.answer, 'nothing is lost in the other tab').toContainText('word5');
  for (const each of [sotto, other]) await expectVersion(each, new RegExp(note));
  await sotto.goTo('Chat');
  await sotto.message.fill('');
  expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
  app.watched.forgive(/icons\/|service-worker|ERR_CONNECTION_REFUSED/);
});

test('a broken deployment does not reach the device, and a broken version can be left', async () => {
  let sotto = await app.open();
  await sotto.answerTo(question);
  await app.stored(sotto);
  // Half of the new version is at the host: a script of it is an error page.
  const script = (await readdir(join(newer, 'assets'))).find((name) => name.startsWith('ModelsScreen')) ?? '';
  server.deploy(newer);
  server.replace(`assets/${script}`, '<!doctype html>502');
  await app.close();
  sotto = await app.open('#/settings');
  await sotto.button('Check for updates').click();
  // All files of the new version are fetched before it is found that one of them is wrong.
  await expect(sotto.page.getByText('You have the latest version.')).toBeVisible({ timeout: 45_000 });
  await sotto.goTo('Models');
  await expect(sotto.page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();

  // Whole now; a person agrees, and wants the older one back.
  server.replace(`assets/${script}`, null);
  await sotto.page.reload();
  await expectOffer(sotto);
  await Promise.all([sotto.page.waitForEvent('load'), offer(sotto).click()]);
  await expectVersion(sotto, new RegExp(note));
  await sotto.page.goto(`${server.address}?reset`);
  await sotto.page.getByRole('button', { name: 'Go back to the previous version' }).click();
  await expect(sotto.page.getByText('Done.')).toBeVisible();
  await sotto.page.getByRole('link', { name: 'Open Sotto' }).click();
  await expectVersion(sotto, /^(?!.*second build)/);

  // Or throws all of the program away; the chat stays.
  await sotto.page.goto(`${server.address}reset.html`);
  await sotto.page.getByRole('button', { name: 'Download the app again' }).click();
  await expect(sotto.page.getByText('Done.')).toBeVisible();
  expect(await sotto.page.evaluate(() => caches.keys())).toEqual([]);
  await sotto.page.getByRole('link', { name: 'Open Sotto' }).click();
  await expect(sotto.chat(question)).toBeVisible();
  await expectVersion(sotto, new RegExp(note));
});

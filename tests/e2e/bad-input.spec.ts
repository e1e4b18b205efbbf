/** Everything that can be wrong ends in plain words with a next step, and the Guide goes on answering afterwards. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Locator } from '@playwright/test';
import { chromiumFlags, findChromium } from '../../tools/browser/find-browsers';
import { countingWords, playScript } from '../fixtures/scripted-answers';
import { limitSpace } from './limited-space';
import { ModelFiles } from './model-files';
import { SottoPage } from './sotto-page';
import { startStaticServer } from '../fixtures/static-server';
import { alone, expect, test } from './test';

const question = 'How do I use this offline?';

/** A failure is told in words, offers a step, and keeps names of code out of sight. */
async function expectPlainWords(place: Locator, words: RegExp): Promise<void> {
  const alert = place.getByRole('alert').filter({ hasText: words }).first();
  await expect(alert).toBeVisible();
  const visible = await alert.evaluate((element) => {
    const copy = element.cloneNode(true) as Element;
    copy.querySelectorAll('details').forEach((details) => details.remove());
    return copy.textContent;
  });
  expect(visible.length).toBeGreaterThan(40);
  expect(visible).not.toMatch(/undefined|\[object|Error:|[a-z]+-[a-z]+-[a-z]+:/);
}

async function expectGuideAnswers(sotto: SottoPage): Promise<void> {
  await sotto.goTo('Chat');
  if (!((await sotto.button('Model').textContent()) ?? '').includes('Guide')) await sotto.chooseModel('Guide');
  await sotto.newChat();
  expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
}

test.describe('a model file', () => {
  let files: ModelFiles;
  test.beforeAll(async () => (files = await ModelFiles.create()));
  test.afterAll(() => files.remove());

  const refusedAtOnce = [
    { name: 'portal', what: 'no GGUF', words: /GGUF/, make: () => files.notGguf('portal') },
    {
      name: 'truncated',
      what: 'cut off',
      words: /incomplete|cut off|damaged|not whole|missing/i,
      make: () => files.truncated('truncated'),
    },
    {
      name: 'giant',
      what: 'larger than any engine holds',
      words: /too large|memory/i,
      make: () => files.tooLarge('giant'),
    },
  ];
  for (const { name, what, words, make } of refusedAtOnce) {
    test(`that is ${what} is refused at once, and leaves nothing behind`, async ({ page, sotto }) => {
      await sotto.open();
      await sotto.openFile(await make());
      const dialog = page.getByRole('dialog');
      await expectPlainWords(dialog, words);
      await expect(dialog.getByRole('alert').getByRole('button').first(), 'a next step').toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('article', { name })).toHaveCount(0);
      await expectGuideAnswers(sotto);
    });
  }

  // Whether llama.cpp knows an architecture is only known when it is asked to load one.
  test('that is of an unknown kind is refused when it is to be used', async ({ page, sotto }) => {
    await sotto.open();
    await sotto.useFile(await files.unknownArchitecture('hedgehog'), 'hedgehog');
    await sotto.goTo('Chat');
    await sotto.ask('Hello?');
    await sotto.whole();
    await expectPlainWords(sotto.answer, /model type|architecture|not know/i);
    await expect(sotto.answer.getByRole('alert').getByRole('button').first(), 'a next step').toBeVisible();
    await expect(page.getByRole('main')).not.toContainText('undefined');
    await expectGuideAnswers(sotto);
  });

  test('that is good answers, by the real engine', async ({ sotto }) => {
    await sotto.open();
    await sotto.useFile(await files.scripted('parrot', { answer: ['Hello', ' from', ' a', ' file'] }), 'parrot');
    await sotto.goTo('Chat');
    expect(await sotto.answerTo('Hello?')).toContain('Hello from');
    await expectGuideAnswers(sotto);
  });
});

test('a message longer than the context window', async ({ sotto }) => {
  await sotto.open();
  await sotto.ask('why and how '.repeat(1500));
  await sotto.whole();
  await expectPlainWords(sotto.answer, /long|context/i);
  await expect(sotto.answer.getByRole('alert')).toContainText(/\d[\d,.]*/);
  await expectGuideAnswers(sotto);
});

test('an engine that throws in the middle of an answer', async ({ page, sotto }) => {
  const words = countingWords(30, 5);
  await playScript(page, { answers: [[...words, { throw: 'a fault nobody foresaw' }], [{ token: 'well again' }]] });
  await sotto.open();
  await sotto.ask('Break, please');
  await sotto.whole();
  await expectPlainWords(sotto.answer, /stopped|crash|failed|wrong/i);
  await expect(sotto.answer, 'what was written is kept').toContainText('word30');
  await sotto.button('Try again', sotto.answer).click();
  await expect(sotto.answer).toContainText('well again');
});

test('an engine worker that dies in the middle of an answer', async ({ page, sotto, watched }) => {
  await playScript(page, { answers: [countingWords(60, 20)] });
  await sotto.open();
  await sotto.ask('Die, please');
  await expect(sotto.answer).toContainText('word20 ');
  const worker = page.workers().find((candidate) => candidate.url().includes('/engine-worker/'));
  await worker?.evaluate(() => {
    setTimeout(() => {
      throw new Error('killed by the test');
    });
  });
  await expect(sotto.answer.getByRole('alert')).toBeVisible();
  await expectPlainWords(sotto.answer, /stopped|crash|failed|wrong/i);
  await expect(sotto.answer).toContainText('word20');
  // A fresh worker, and the whole answer this time.
  await sotto.button('Try again', sotto.answer).click();
  await expect(sotto.answer).toContainText('word60');
  watched.forgive(/killed by the test/);
});

test('an engine that answers nothing any more is ended by Stop within a second', alone, async ({ page, sotto }) => {
  await playScript(page, { answers: [[...countingWords(5, 5), { hang: true }]] });
  await sotto.open();
  await sotto.ask('Hang, please');
  await expect(sotto.answer).toContainText('word5');
  expect(await sotto.stopAndTime(), 'ms to stop').toBeLessThan(1000);
  await expect(sotto.answer).toContainText('word5');
});

test('a browser without IndexedDB', async ({ page, sotto }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
  await sotto.open();
  await expect(page.getByText(/until .*clos|only .*page/i).first()).toBeVisible();
  expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
  await sotto.goTo('Settings');
  await sotto.goTo('Chat');
  await expect(sotto.questions).toContainText([question]);
});

test('a browser that refuses to open its IndexedDB', async ({ page, sotto }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException(
        'A mutation operation was attempted on a database that did not allow mutations.',
        'InvalidStateError',
      );
    };
  });
  await sotto.open();
  await expect(page.getByText(/until .*clos|only .*page/i).first()).toBeVisible();
  await sotto.answerTo(question);
});

test('a browser that blocks all site data: no storage and no locks, and the Guide answers', async () => {
  const server = await startStaticServer();
  const profile = await mkdtemp(join(tmpdir(), 'sotto-blocked-'));
  await mkdir(join(profile, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const options = { executablePath: findChromium(), args: chromiumFlags };
  const context = await chromium.launchPersistentContext(profile, options);
  const page = await context.newPage();
  await page.goto(server.origin);
  const refusal = page.evaluate(() => navigator.locks.request('test', () => 'granted').catch(String));
  expect(await refusal).toContain('SecurityError');
  expect(await new SottoPage(page).answerTo(question)).toMatch(/network|internet|offline/i);
  await context.close();
  await server.close();
  await rm(profile, { recursive: true, force: true });
});

test('a browser without workers', async ({ page, sotto }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'));
  await sotto.open();
  await expect(page.getByText(/browser/i).first()).toBeVisible();
  await sotto.message.fill(question);
  await expect(sotto.send).toBeDisabled();
  for (const screen of ['Models', 'Benchmark', 'Privacy', 'Settings'] as const) {
    await sotto.goTo(screen);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
});

test('a page that is not cross-origin isolated: one thread, and it works', async ({ page, sotto }) => {
  const server = await startStaticServer({ headers: 'not-isolated' });
  await page.goto(server.origin);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
  await server.close();
});

test('a host without HTTPS: it says what will not work, and the Guide answers', async () => {
  const server = await startStaticServer();
  // Only "localhost" is trusted without HTTPS.
  const address = server.origin.replace('localhost', 'sotto.test');
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...chromiumFlags, '--host-resolver-rules=MAP sotto.test localhost'],
  });
  const page = await browser.newPage();
  const sotto = new SottoPage(page);
  await page.goto(address);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await expect(page.getByText('doesn’t use HTTPS')).toBeVisible();
  expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
  await sotto.goTo('Settings');
  await expect(page.getByText('without HTTPS, browsers don’t store pages')).toBeVisible();
  await browser.close();
  await server.close();
});

test.describe(() => {
  test.use({ serviceWorkers: 'allow' });

  test('a window that gives almost no space: everything works while there is a network, and Settings says so', async ({
    page,
    sotto,
    watched,
  }) => {
    await limitSpace(page, 4_000_000);
    await sotto.open();
    expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
    await sotto.goTo('Settings');
    await expect(page.getByText('gives Sotto too little space')).toBeVisible({ timeout: 30_000 });
    expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await page.reload();
    await sotto.goTo('Chat');
    expect(await sotto.answerTo(question)).toMatch(/network|internet|offline/i);
    watched.forgive(/favicon\.ico/);
  });

  test('a window that does not even give space for the page itself is told to be that', async ({
    page,
    sotto,
    watched,
  }) => {
    await limitSpace(page, 2_000_000);
    await sotto.open();
    await sotto.goTo('Settings');
    await expect(page.getByText('gives Sotto too little space')).toBeVisible({ timeout: 30_000 });
    watched.forgive(/favicon\.ico/);
  });
});

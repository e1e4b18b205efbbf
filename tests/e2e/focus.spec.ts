/** Where the focus goes when what had it is taken away: beside it, or to the heading of what took its place; never to nowhere. */
import type { Page } from '@playwright/test';
import { playScript } from '../fixtures/scripted-answers';
import type { Screen, SottoPage } from './sotto-page';
import { expect, test } from './test';

const words = (...answers: string[]) => ({ answers: answers.map((token) => [{ token }]) });

/** The name, or else the words, of what has the focus; "nothing" for the page itself. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'nothing';
    return element.getAttribute('aria-label') ?? (element.textContent.trim().replace(/\s+/g, ' ') || element.localName);
  });

const expectFocus = (page: Page, name: string | RegExp): Promise<void> =>
  expect.poll(() => focused(page)).toMatch(typeof name === 'string' ? new RegExp(`^${name}$`) : name);

/** Opens a screen; resolves when what keeps the focus is at work, which comes after the first screen: what is taken away gives it on. */
async function open(sotto: SottoPage, screen?: Screen): Promise<void> {
  await sotto.open(screen);
  const isKept = (): Promise<boolean> =>
    sotto.page.evaluate(async () => {
      const probe = document.createElement('button');
      document.querySelector('main')?.append(probe);
      probe.focus();
      probe.remove();
      await new Promise((resolve) => setTimeout(resolve));
      return document.activeElement !== document.body;
    });
  await expect.poll(isKept).toBe(true);
}

async function threeChats(sotto: SottoPage): Promise<void> {
  await playScript(sotto.page, words('One.', 'Two.', 'Three.', 'Four.'));
  await open(sotto);
  for (const question of ['First', 'Second', 'Third']) {
    await sotto.newChat();
    await sotto.answerTo(question);
  }
}

test('after a chat is deleted: on the next one, also after Undo; after the last: on the search', async ({
  page,
  sotto,
}) => {
  await threeChats(sotto);
  await sotto.chooseForChat('Second', 'Delete');
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(2);
  await expectFocus(page, 'First');
  await sotto.button('Undo').focus();
  await page.keyboard.press('Enter');
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(3);
  await expectFocus(page, 'First');
  for (const title of ['First', 'Second', 'Third']) await sotto.chooseForChat(title, 'Delete');
  await expect(sotto.chats).toHaveCount(0);
  await expectFocus(page, /Search chats/);
});

test('after a message is deleted: on the one before it, or where one writes; after Undo it is not lost', async ({
  page,
  sotto,
}) => {
  await playScript(page, words('One.', 'Two.'));
  await open(sotto);
  await sotto.answerTo('First');
  await sotto.answerTo('Second');
  await sotto.questions.last().hover();
  await sotto.button('More', sotto.questions.last()).click();
  await page.getByRole('menuitem', { name: 'Delete from here' }).click();
  await expect(sotto.questions).toHaveCount(1);
  expect(await sotto.answers.first().evaluate((turn) => turn.contains(document.activeElement))).toBe(true);
  await sotto.button('Undo').focus();
  await page.keyboard.press('Enter');
  await expect(sotto.questions).toHaveCount(2);
  await expect.poll(() => focused(page)).not.toBe('nothing');
  await sotto.questions.first().hover();
  await sotto.button('More', sotto.questions.first()).click();
  await page.getByRole('menuitem', { name: 'Delete from here' }).click();
  await expect(sotto.questions).toHaveCount(0);
  await expect.poll(() => focused(page)).not.toBe('nothing');
});

test('after a file or a waiting message is removed: on the next, or on what stays', async ({ page, sotto }) => {
  await playScript(page, { answers: [Array.from({ length: 1500 }, () => ({ token: 'so ', delayMs: 20 }))] });
  await open(sotto);
  const chooser = await sotto.fileChooser();
  await chooser.setFiles(
    ['a.txt', 'b.txt'].map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) })),
  );
  await expect(page.getByRole('list', { name: 'Files for this message' }).getByRole('listitem')).toHaveCount(2);
  await sotto.button('Remove a.txt').click();
  await expectFocus(page, 'Remove b.txt');
  await sotto.button('Remove b.txt').click();
  await expectFocus(page, 'Message');
  await sotto.ask('Count');
  for (const text of ['One more', 'And one']) {
    await sotto.message.fill(text);
    await sotto.message.press('Enter');
  }
  await sotto.button('Remove queued message').first().click();
  await expectFocus(page, /queued message/);
});

test('after a persona is deleted: on the one before it', async ({ page, sotto }) => {
  await open(sotto, 'Settings');
  for (const name of ['Alpha', 'Beta']) {
    await sotto.button('New persona').click();
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await sotto.button('Save').click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await page.getByRole('button', { name: /Beta/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('button', { name: /Beta/ })).toHaveCount(0);
  await expectFocus(page, /Alpha/);
});

test('an import of chats begins at its heading, and leaves the focus where it was opened', async ({ page, sotto }) => {
  await open(sotto, 'Settings');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), sotto.button('Import chats').click()]);
  await chooser.setFiles({ name: 'no.jsonl', mimeType: 'application/json', buffer: Buffer.from('not a chat') });
  await expect(page.getByRole('region', { name: 'Import', exact: true })).toBeVisible();
  await expectFocus(page, /^Import/);
  await sotto.button('Dismiss', page.getByRole('region', { name: 'Import', exact: true })).click();
  await expect(page.getByRole('region', { name: 'Import', exact: true })).toHaveCount(0);
  await expect.poll(() => focused(page)).not.toBe('nothing');
});

test('turning the lock on leads to its heading, and Escape takes back turning it off', async ({ page, sotto }) => {
  await open(sotto, 'Settings');
  await page.getByLabel('New passphrase').fill('heron lantern copper quilt');
  await page.locator('input[autocomplete="new-password"]').last().fill('heron lantern copper quilt');
  await sotto.button('Turn on the lock').click();
  await expect(page.getByRole('heading', { name: 'Lock', exact: true })).toBeFocused();
  await sotto.button('Turn off the lock').click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await expectFocus(page, 'Cancel');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(sotto.button('Turn off the lock')).toBeFocused();
  await sotto.button('Lock now').first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sotto is locked' })).toBeVisible();
  await expect(page.locator('input[autocomplete="current-password"]')).toBeFocused();
});

test('Escape takes back deleting everything, and the focus is on the button again', async ({ page, sotto }) => {
  await open(sotto, 'Privacy');
  const wipe = sotto.button('Delete everything');
  await wipe.click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(wipe).toBeFocused();
});

test('another screen that a link inside of one leads to begins at its heading', async ({ page, sotto }) => {
  await open(sotto, 'Benchmark');
  await expect(page.getByRole('link', { name: 'Choose another model' })).toBeVisible();
  await page.getByRole('link', { name: 'Choose another model' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
  await expect.poll(() => focused(page)).not.toBe('nothing');
});

test('in the benchmark: a comparison begins on its Stop, an import at its heading, and what is deleted leads on', async ({
  page,
  sotto,
}) => {
  test.slow();
  await playScript(page, {
    answers: [[{ token: 'Sotto is a web app that runs small language models on your own device' }]],
    measure: { promptTokenMs: 0.05, tokenMs: 1 },
  });
  await open(sotto, 'Benchmark');
  await sotto.button('Run comparison').click();
  await expectFocus(page, 'Stop');
  await expect(sotto.button('Run benchmark')).toBeVisible({ timeout: 120_000 });
  const paste = page.getByRole('textbox', { name: 'Pasted result or link' });
  await paste.fill('no result');
  await sotto.button('Open').click();
  // Beside the field, and not somewhere at the top.
  await expect(page.getByRole('region', { name: 'Open a result' }).getByRole('alert')).toBeVisible();
  await paste.fill(JSON.stringify([{ model_type: 'm', backends: 'CPU', n_threads: 4, n_prompt: 512, avg_ts: 24.7 }]));
  await sotto.button('Open').click();
  await expect(page.locator('#somebody')).toBeFocused();
  await expect(page.getByRole('table', { name: 'Imported from llama-bench' })).toContainText('24.7');
  const history = page.getByRole('list').filter({ has: page.getByRole('button', { name: /^Delete ?:/ }) });
  // Two results of the comparison, and the comparison itself.
  await expect(page.getByRole('button', { name: /^Delete ?:/ })).toHaveCount(3);
  await expect(history.first().getByRole('listitem').first()).toContainText(/CPU, \d threads?/);
  const first = page.getByRole('button', { name: /^Delete ?:/ }).first();
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Delete ?:/ })).toHaveCount(2);
  await expect.poll(() => focused(page)).not.toBe('nothing');
  await sotto.button('Undo').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Delete ?:/ })).toHaveCount(3);
  await expect.poll(() => focused(page)).not.toBe('nothing');
});

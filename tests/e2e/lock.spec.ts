/** The lock as a person meets it: turned on, unlocked, changed, forgotten, and what a reader of the raw storage would find. */
import type { Page } from '@playwright/test';
import { playScript } from '../fixtures/scripted-answers';
import { rawStorage } from './raw-storage';
import { SottoPage } from './sotto-page';
import { everywhere, expect, test } from './test';
import { violationsOn } from './violations';

const secret = 'The heron stands in the cold river';
const passphrase = 'heron lantern copper quilt';

async function turnOn({ page, button }: { page: Page; button: SottoPage['button'] }): Promise<void> {
  await page.getByLabel('New passphrase').fill(passphrase);
  await page.getByLabel('Repeat passphrase').fill(passphrase);
  await button('Turn on the lock').click();
}

const lockTitle = (page: Page) => page.getByRole('heading', { level: 1, name: 'Sotto is locked' });
const isOn = (page: Page) => page.getByText('Your chats on this device are encrypted.');

async function unlock(page: Page, word = passphrase): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(word);
  await page.keyboard.press('Enter');
}

test('chats are sealed, and open again with the passphrase only', everywhere, async ({ context, page, sotto }) => {
  await playScript(context, { answers: [[{ token: `${secret} again.` }]] });
  await sotto.open();
  await sotto.answerTo(`${secret}, why?`);
  await sotto.newChat();
  await sotto.message.fill(`${secret} draft`);
  expect((await rawStorage(page)).includes(secret)).toBe(true);
  await sotto.goTo('Settings');
  await page.getByLabel('New passphrase').fill('heron');
  await expect(page.getByText('Use at least 8 characters.')).toBeVisible();
  await expect(sotto.button('Turn on the lock')).toBeDisabled();
  await turnOn({ page, button: (name) => sotto.button(name) });
  await expect(isOn(page)).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await sotto.goTo('Privacy');
  await expect(page.getByText('encrypted by your lock')).toBeVisible();
  await sotto.goTo('Chat');

  await page.reload();
  await expect(lockTitle(page)).toBeVisible();
  expect(await page.content()).not.toContain('heron');
  expect((await rawStorage(page)).includes('heron')).toBe(false);
  expect(await violationsOn(page)).toEqual([]);
  // What is given to a locked app is taken by nobody.
  await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File(['x'], 'given.txt', { type: 'text/plain' }));
    const options = { bubbles: true, cancelable: true };
    document.body.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: files }));
    document.body.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: files }));
  });
  await unlock(page, 'not the one');
  await expect(page.getByRole('alert').filter({ hasText: 'Wrong passphrase' })).toBeVisible();
  await unlock(page);
  await expect(sotto.message).toHaveValue(`${secret} draft`);
  await expect(page.getByText('given.txt')).toHaveCount(0);
  await sotto.chat(secret).getByRole('link').click();
  await expect(sotto.answer).toContainText(`${secret} again.`);
  await page.getByRole('searchbox', { name: 'Search chats' }).fill('heron');
  await expect(
    page
      .getByRole('list', { name: /found|results/i })
      .or(page.locator('mark'))
      .first(),
  ).toBeVisible();

  // Another tab is locked with this one, at once.
  const other = new SottoPage(await context.newPage());
  await other.page.goto('/#/chat');
  await unlock(other.page);
  await expect(other.message).toBeVisible();
  await expect(other.button('Lock now')).toBeVisible();
  await other.page.keyboard.press('Control+Shift+L');
  await expect(lockTitle(other.page)).toBeVisible();
  await expect(lockTitle(page)).toBeVisible();
  await other.page.close();

  await unlock(page);
  await sotto.goTo('Settings');
  await sotto.button('Turn off the lock').click();
  await sotto.button('Turn off the lock').click();
  await expect(sotto.button('Turn on the lock')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  expect((await rawStorage(page)).includes(secret)).toBe(true);
});

test('an answer that is being written is stored before the page is locked', async ({ context, page, sotto }) => {
  const words = Array.from({ length: 400 }, (_, index) => ({ token: `word${index} `, delayMs: 25 }));
  await playScript(context, { answers: [words] });
  await sotto.open('Settings');
  await turnOn({ page, button: (name) => sotto.button(name) });
  await expect(isOn(page)).toBeVisible();
  await sotto.goTo('Chat');
  await sotto.ask('Count');
  await expect(sotto.answer).toContainText('word40 ');
  await sotto.button('Lock now').click();
  await expect(lockTitle(page)).toBeVisible();
  await unlock(page);
  await expect(sotto.answer).toContainText('word40 ');
  await expect(sotto.button('Continue')).toBeVisible();
});

test('the tab that turns the lock on dies half-way; after unlocking, it goes on', async ({ context, page, sotto }) => {
  await sotto.open('Settings');
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('sotto-chats');
      opening.onsuccess = () => resolve(opening.result);
    });
    const transaction = database.transaction(['conversations', 'messages'], 'readwrite');
    for (let index = 0; index < 3000; index += 1) {
      const id = `c${index}`;
      const at = { createdAt: index, conversationId: id, role: 'user', parentId: null };
      transaction
        .objectStore('conversations')
        .put({ id, title: `heron ${index}`, createdAt: index, updatedAt: index, activeLeafId: `${id}q` });
      transaction.objectStore('messages').put({ ...at, id: `${id}q`, text: `heron ${'and river '.repeat(200)}` });
    }
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    database.close();
  });
  await turnOn({ page, button: (name) => sotto.button(name) });
  await expect(page.getByText(/Encrypting: [1-9]/)).toBeVisible();
  await page.close({ runBeforeUnload: false });

  const next = new SottoPage(await context.newPage());
  await next.page.goto('/#/settings');
  await expect(lockTitle(next.page)).toBeVisible();
  expect((await rawStorage(next.page)).includes('heron'), 'it died too late for this test').toBe(true);
  await unlock(next.page);
  await expect(next.page.getByText(/Encrypting:/)).toBeVisible();
  await expect(next.page.getByText(/Encrypting:/)).toHaveCount(0, { timeout: 60_000 });
  expect((await rawStorage(next.page)).includes('heron')).toBe(false);
  await expect(next.chat('heron 2999')).toBeVisible();
});

test('who has forgotten the passphrase can start afresh', async ({ page, sotto }) => {
  await sotto.open('Settings');
  await turnOn({ page, button: (name) => sotto.button(name) });
  await expect(isOn(page)).toBeVisible();
  await page.reload();
  await page.getByText('Forgot your passphrase?').click();
  await sotto.button('Delete everything').click();
  await sotto.button('Delete all data').click();
  await expect(page.getByRole('heading', { name: 'Everything was deleted' })).toBeVisible();
  await sotto.button('Start over').click();
  await expect(sotto.message).toBeVisible();
});

test('a passkey opens the lock, where the browser has them', async ({ context, page, sotto }) => {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
    },
  });
  await sotto.open('Settings');
  await sotto.button('Turn on with a passkey').click();
  await expect(isOn(page)).toBeVisible();
  await page.reload();
  await sotto.button('Unlock with a passkey').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  // A passphrase beside it, proven by the passkey.
  await page.getByText('Set a passphrase').first().click();
  await page.getByLabel('New passphrase').fill(passphrase);
  await page.getByLabel('Repeat passphrase').fill(passphrase);
  await sotto.button('Set a passphrase').click();
  await expect(page.getByText('Passphrase changed.')).toBeVisible();
  await page.reload();
  await unlock(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});

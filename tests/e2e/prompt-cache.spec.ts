/** A long chat that is reopened is answered without being read again; and what was read of it goes when the chat goes. */
import type { Page } from '@playwright/test';
import { ModelFiles } from './model-files';
import type { SottoPage } from './sotto-page';
import { expect, test } from './test';

const passphrase = 'heron lantern copper quilt';
/** Each letter is a token: none of the words is in the vocabulary. */
const question = 'The heron stands in the cold river. '.repeat(25);
const answer = 'It-waits-there.';
/** The only one; the model may have given it a title of its own. */
const chat = /./;

/** A model that plays a script, with as many parameters as make it worth while to keep what it has read. */
async function useLargeModel(sotto: SottoPage): Promise<void> {
  const files = await ModelFiles.create();
  const path = await files.scripted('large', {
    answer: ['It-', 'waits-', 'there.'],
    size: { layers: 1, feedForward: 20_480 },
    layerType: 'Q4_K',
  });
  await sotto.useFile(path, 'large');
  await files.remove();
}

/** Of the answer that was written last, as a person is told. */
async function reusedTokens(sotto: SottoPage): Promise<number> {
  await sotto.answer.locator('summary.numbers').click();
  await expect(sotto.answer).toContainText('Prompt tokens from cache');
  const [, count = ''] = /Prompt tokens from cache\s*([\d,]+)/.exec(await sotto.answer.innerText()) ?? [];
  return Number(count.replaceAll(',', ''));
}

/** Opens the one chat there is, and waits until all of it is shown. */
async function reopen(sotto: SottoPage): Promise<void> {
  await sotto.chat(chat).getByRole('link').click();
  await expect(sotto.conversation).toContainText(answer);
  await expect(sotto.button('Regenerate').last()).toBeVisible();
}

/** Settings look when they are opened, which may be before all has been deleted. */
async function untilCleared({ page, sotto }: { page: Page; sotto: SottoPage }): Promise<void> {
  await expect(async () => {
    await sotto.goTo('Chat');
    await sotto.goTo('Settings');
    await expect(page.getByText('0 bytes of 512 MB used.')).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
}

async function untilKept({ page, sotto }: { page: Page; sotto: SottoPage }): Promise<void> {
  await expect(async () => {
    await sotto.goTo('Chat');
    await sotto.goTo('Settings');
    await expect(sotto.button('Clear prompt cache')).toBeEnabled({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByText(/of 512 MB used/)).toBeVisible();
}

test('a long chat goes on after a reload without being read again', async ({ page, sotto }) => {
  // It reads almost a thousand tokens three times, on whatever cores there are.
  test.slow();
  await sotto.open();
  await useLargeModel(sotto);
  expect(await sotto.answerTo(question)).toContain(answer);
  await untilKept({ page, sotto });

  await page.reload();
  await reopen(sotto);
  expect(await sotto.answerTo('And then?')).toContain(answer);
  expect(await reusedTokens(sotto)).toBeGreaterThan(800);

  // What is cleared is read again, and the answer is the same.
  await untilKept({ page, sotto });
  await sotto.button('Clear prompt cache').click();
  await expect(page.getByText('Prompt cache cleared.')).toBeVisible();
  await page.reload();
  await reopen(sotto);
  expect(await sotto.answerTo('And now?')).toContain(answer);
  expect(await reusedTokens(sotto)).toBe(0);

  await untilKept({ page, sotto });
  await sotto.chooseForChat(chat, 'Delete');
  await untilCleared({ page, sotto });
  await expect(sotto.button('Clear prompt cache')).toBeDisabled();
});

test('with the lock, a chat goes on as quickly, and nothing read of it lies in the clear', async ({ page, sotto }) => {
  // It reads almost a thousand tokens three times, on whatever cores there are.
  test.slow();
  await sotto.open();
  await useLargeModel(sotto);
  await sotto.answerTo(question);
  await untilKept({ page, sotto });
  await page.getByLabel('New passphrase').fill(passphrase);
  await page.getByLabel('Repeat passphrase').fill(passphrase);
  await sotto.button('Turn on the lock').click();
  await expect(page.getByText('Your chats on this device are encrypted.')).toBeVisible();
  await untilCleared({ page, sotto });

  await reopen(sotto);
  await sotto.answerTo('And then?');
  await untilKept({ page, sotto });
  const keyIds = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('sotto-prompt-cache');
      opening.onsuccess = () => resolve(opening.result);
    });
    const records = await new Promise<{ keyId: string | null }[]>((resolve) => {
      const reading = database.transaction('sequences').objectStore('sequences').getAll();
      reading.onsuccess = () => resolve(reading.result as never);
    });
    database.close();
    return records.map(({ keyId }) => keyId);
  });
  expect(keyIds).toEqual([expect.any(String)]);

  await page.reload();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.keyboard.press('Enter');
  await reopen(sotto);
  expect(await sotto.answerTo('And now?')).toContain(answer);
  expect(await reusedTokens(sotto)).toBeGreaterThan(800);
});

/** A temporary chat, and what of it a reader of the raw storage would find: nothing. */
import { playScript } from '../fixtures/scripted-answers';
import { rawStorage } from './raw-storage';
import { everywhere, expect, test } from './test';

const secret = 'The heron stands in the cold river';
const answer = 'Herons are patient birds';

test(
  'nothing of a temporary chat is on the device, and it is gone when it is left',
  everywhere,
  async ({ page, sotto }) => {
    await playScript(page, { answers: [[{ token: `${answer}, once.` }], [{ token: `${answer}, twice.` }]] });
    await sotto.open();
    await sotto.chooseBesideMessage('Temporary chat');
    await expect(page.getByText('Temporary chat: nothing is saved')).toBeVisible();
    const chooser = await sotto.fileChooser();
    await chooser.setFiles([
      { name: 'secret.txt', mimeType: 'text/plain', buffer: Buffer.from(`${secret}, in a file`) },
    ]);
    await expect(page.getByRole('list', { name: 'Files for this message' })).toContainText('tokens');
    await sotto.message.fill(`${secret}, as a draft`);
    // Longer than it takes to store a draft.
    await page.waitForTimeout(1000);
    await sotto.answerTo(`${secret}, and asks`);
    await expect(sotto.answer).toContainText(answer);
    await expect(sotto.chats.getByRole('listitem')).toHaveCount(0);
    expect(await page.evaluate(() => document.title)).toBe('Temporary chat · Sotto');
    // A copy of it would be kept.
    await sotto.button('More', sotto.answer).click();
    await expect(page.getByRole('menuitem', { name: 'Delete from here' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'New chat from here' })).toHaveCount(0);
    await page.keyboard.press('Escape');

    // Another screen is not another chat.
    await sotto.goTo('Settings');
    await sotto.goTo('Chat');
    await expect(sotto.answer).toContainText(answer);
    const kept = await rawStorage(page);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.includes('heron') || kept.includes('Heron')).toBe(false);

    await sotto.newChat();
    await sotto.button('Undo').click();
    await expect(sotto.answer).toContainText(answer);
    await page.reload();
    await expect(page.getByText('Temporary chat: nothing is saved')).toBeVisible();
    await expect(sotto.answers).toHaveCount(0);

    // The same words in a chat that is kept are found: the search above could have failed.
    await sotto.newChat();
    await sotto.answerTo(`${secret}, kept`);
    expect((await rawStorage(page)).includes(secret)).toBe(true);
  },
);

/** The data of the site are cleared while a chat is open: by the browser, or by hand in another window. */
import { playScript } from '../fixtures/scripted-answers';
import { expect, test } from './test';
import { untilKept } from './raw-storage';

test('a chat stays on the screen with its unsent words, and can be stored again', async ({ page, sotto }) => {
  await playScript(page, { answers: [[{ token: 'The answer.' }]] });
  await sotto.open();
  await sotto.answerTo('The question');
  await sotto.message.fill('Words that are not sent');
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });

  await expect(page.getByRole('alert')).toContainText('no longer stored on this device');
  await expect(sotto.questions).toContainText(['The question']);
  await expect(sotto.answer).toContainText('The answer.');
  await expect(sotto.message).toHaveValue('Words that are not sent');
  await sotto.button('Save again').click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await untilKept(page, 'Words that are not sent');
  await page.reload();
  await expect(sotto.answer).toContainText('The answer.');
  await expect(sotto.message).toHaveValue('Words that are not sent');
});

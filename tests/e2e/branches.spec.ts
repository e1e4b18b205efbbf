import { countingWords, playScript } from '../fixtures/scripted-answers';
import { everywhere, expect, test } from './test';
import { untilKept } from './raw-storage';

const words = (...answers: string[]) => ({ answers: answers.map((token) => [{ token }]) });

test('an answer is edited, a chat forked and cut, and each can be taken back', everywhere, async ({ page, sotto }) => {
  await playScript(page, words('Lisbon', 'Porto'));
  await sotto.open();
  await sotto.answerTo('A town?');
  await sotto.answerTo('Another?');
  const address = page.url();

  await sotto.button('Edit', sotto.answers.first()).click();
  await page.getByRole('textbox', { name: 'Edit answer' }).fill('Faro');
  await sotto.button('Save').click();
  await expect(sotto.answers.first()).toContainText('Faro');
  await sotto.button('Undo').click();
  await expect(sotto.answers.first()).toContainText('Lisbon');

  const menuOf = async (index: number, command: string): Promise<void> => {
    await sotto.button('More', sotto.answers.nth(index)).click();
    await page.getByRole('menuitem', { name: command }).click();
  };
  await menuOf(0, 'New chat from here');
  await expect(sotto.questions).toHaveCount(1);
  expect(page.url()).not.toBe(address);
  await expect(sotto.answer).toContainText('Lisbon');

  await sotto.chats.getByRole('link', { name: 'A town?', exact: true }).click();
  await expect(sotto.questions).toHaveCount(2);
  await menuOf(0, 'Delete from here');
  await expect(sotto.answers).toHaveCount(0);
  await sotto.button('Undo').click();
  await expect(sotto.answers).toHaveCount(2);
  await page.reload();
  await expect(sotto.answers).toHaveCount(2);
  await expect(sotto.answer).toContainText('Porto');
});

test('a file waits with its question, survives a reload, and is sent with it', everywhere, async ({ page, sotto }) => {
  await playScript(page, words('Three.'));
  await sotto.open();
  const chooser = await sotto.fileChooser();
  await chooser.setFiles([
    { name: 'sum.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') },
    { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0, 0, 0, 0]) },
  ]);
  const files = page.getByRole('list', { name: 'Files for this message' });
  await expect(files).toContainText('sum.csv');
  await expect(files).toContainText(/about \d+ tokens/);
  await expect(files).toContainText('The picture can’t be read');
  await sotto.message.fill('What is the sum?');
  await untilKept(page, 'What is the sum?');
  await page.reload();
  await expect(sotto.message).toHaveValue('What is the sum?');
  await expect(files).toContainText('sum.csv');
  await sotto.send.click();
  await sotto.whole();
  await expect(sotto.questions).toContainText(['sum.csv']);
  await expect(sotto.message).toHaveValue('');
  await page.reload();
  await expect(sotto.questions).toContainText(['sum.csv']);
  await expect(sotto.answer).toContainText('Three.');
});

test('questions wait for the answer before them', async ({ page, sotto }) => {
  await playScript(page, { answers: [countingWords(250, 30), [{ token: 'Second.' }], [{ token: 'Third.' }]] });
  await sotto.open();
  await sotto.ask('One');
  await sotto.message.fill('Two');
  await sotto.message.press('Enter');
  await sotto.message.fill('Never');
  await sotto.button('Send next').click();
  const waiting = page.getByRole('region', { name: 'Queued messages' });
  await expect(waiting.getByRole('listitem')).toHaveText(['Two', 'Never']);
  await sotto.button('Remove queued message', waiting).last().click();
  await expect(sotto.answers).toHaveCount(2);
  await sotto.whole();
  await expect(sotto.questions).toContainText(['One', 'Two']);
  await expect(sotto.answer).toContainText('Second.');
  await expect(waiting).toHaveCount(0);
});

test('a persona is chosen beside the message box, and stays with its chat', async ({ page, sotto }) => {
  await playScript(page, words('Plainly.'));
  await sotto.open();
  await sotto.chooseBesideMessage('Persona');
  await page.getByRole('menuitemradio', { name: 'Plain writing' }).click();
  await expect(sotto.button('Persona')).toContainText('Plain writing');
  await sotto.answerTo('Hello');
  await page.reload();
  await expect(sotto.button('Persona')).toContainText('Plain writing');
  await sotto.newChat();
  await expect(sotto.button('Persona')).toHaveCount(0);
});

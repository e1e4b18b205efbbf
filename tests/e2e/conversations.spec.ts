import { readFile } from 'node:fs/promises';
import { countingWords, lastCountedWord, playScript } from '../fixtures/scripted-answers';
import { everywhere, everywhereAlone, expect, test } from './test';

const offline = 'How do I use this offline?';
const webgpu = 'What is WebGPU?';
/** Where it does not matter who answers. */
const anyAnswer = { answers: [[{ token: 'An answer ' }, { token: 'with a **bold** word.' }]] };

test('several conversations are there again after a reload', everywhere, async ({ page, sotto }) => {
  await sotto.open();
  const first = await sotto.answerTo(offline);
  const firstAddress = page.url();
  await sotto.newChat();
  const second = await sotto.answerTo(webgpu);
  expect(page.url()).not.toBe(firstAddress);
  await sotto.answerTo('Thanks!');

  await page.reload();
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(2);
  await expect(sotto.questions).toHaveText([webgpu, 'Thanks!']);
  await expect.poll(() => sotto.answers.first().innerText()).toBe(second);
  await sotto.chat(offline).getByRole('link').click();
  await expect(sotto.questions).toHaveText([offline]);
  await expect.poll(() => sotto.answer.innerText()).toBe(first);
  expect(page.url()).toBe(firstAddress);
});

test('a conversation is renamed, deleted and brought back', everywhere, async ({ page, sotto }) => {
  await playScript(page, anyAnswer);
  await sotto.open();
  await sotto.answerTo(offline);
  await sotto.chooseForChat(offline, 'Rename');
  await sotto.chats.getByRole('textbox').fill('On a plane');
  await page.keyboard.press('Enter');
  await expect(sotto.chat('On a plane')).toBeVisible();

  await sotto.chooseForChat('On a plane', 'Delete');
  await expect(sotto.chat('On a plane')).toHaveCount(0);
  await sotto.button('Undo').click();
  await expect(sotto.chat('On a plane')).toBeVisible();
  await page.reload();
  await sotto.chat('On a plane').getByRole('link').click();
  await expect(sotto.questions).toHaveText([offline]);
  await expect(sotto.answers).toHaveCount(1);

  await sotto.chooseForChat('On a plane', 'Delete');
  await expect(sotto.chat('On a plane')).toHaveCount(0);
  await page.reload();
  await expect(sotto.message).toBeVisible();
  await expect(sotto.chat('On a plane')).toHaveCount(0);
});

test('searching finds a conversation by its title', async ({ page, sotto }) => {
  await playScript(page, anyAnswer);
  await sotto.open();
  await sotto.answerTo(offline);
  await sotto.newChat();
  await sotto.answerTo(webgpu);
  const search = page.getByRole('searchbox', { name: 'Search chats' });
  await search.fill('webgpu');
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(1);
  await expect(sotto.chat(webgpu)).toBeVisible();
  await search.fill('no such words');
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(0);
  await search.fill('');
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(2);
});

test('what is found in an earlier version or in a file opens where it stands', everywhere, async ({ page, sotto }) => {
  await playScript(page, { answers: ['Orange.', 'Blue.', 'Birds.'].map((token) => [{ token }]) });
  await sotto.open();
  await sotto.answerTo('What of apricots?');
  await sotto.questions.first().hover();
  await sotto.button('Edit', sotto.questions.first()).click();
  await page.getByRole('textbox', { name: 'Edit message' }).fill('What of plums?');
  await page.keyboard.press('Enter');
  await expect(sotto.answer).toContainText('Blue.');
  const chooser = await sotto.fileChooser();
  await chooser.setFiles([{ name: 'lake.csv', mimeType: 'text/csv', buffer: Buffer.from('bird,count\nheron,3\n') }]);
  await expect(page.getByRole('list', { name: 'Files for this message' })).toContainText('tokens');
  await sotto.answerTo('What is in it?');

  const search = page.getByRole('searchbox', { name: 'Search chats' });
  await search.fill('apricots');
  await expect(sotto.chats.locator('mark').first()).toHaveText('apricots');
  await sotto.chats.getByRole('link').click();
  await expect(sotto.questions).toHaveText([/What of apricots/]);
  await expect(page.locator('.turn.found')).toContainText('What of apricots');

  await search.fill('heron');
  await expect(sotto.chats.getByRole('listitem')).toContainText('lake.csv');
  await sotto.chats.getByRole('link').click();
  await expect(sotto.questions).toHaveText([/What of plums/, /What is in it/]);
  await expect(page.locator('.turn.found')).toContainText('What is in it');
  // The address is that of the chat: a reload does not lead back to a branch that has been left since.
  await expect.poll(() => page.url()).toMatch(/#\/chat\/[^/]+$/);
});

test(
  'an answer is asked for again, a question is changed, and every version is kept',
  everywhere,
  async ({ page, sotto }) => {
    await playScript(page, { answers: ['first', 'second', 'third'].map((token) => [{ token }]) });
    await sotto.open();
    await sotto.answerTo('A question');
    await sotto.button('Regenerate', sotto.answer).click();
    await sotto.whole();
    await expect(sotto.answers).toHaveCount(1);
    await expect(sotto.answer).toContainText('second');
    await sotto.button('Previous version', sotto.answer).click();
    await expect(sotto.answer).toContainText('first');
    await sotto.button('Next version', sotto.answer).click();
    await expect(sotto.answer).toContainText('second');

    await sotto.questions.first().hover();
    await sotto.button('Edit', sotto.questions.first()).click();
    const editor = sotto.conversation.getByRole('textbox');
    await editor.fill('Another question');
    await editor.press('Enter');
    await expect(sotto.answer).toContainText('third');
    await expect(sotto.questions).toContainText(['Another question']);
    await page.reload();
    await expect(sotto.answer).toContainText('third');
    await sotto.button('Previous version', sotto.questions.first()).click();
    await expect(sotto.questions).toContainText(['A question']);
    await expect(sotto.answer).toContainText('second');
  },
);

test('stopping keeps what was written', everywhereAlone, async ({ page, sotto }) => {
  await playScript(page, { answers: [countingWords(2000, 20)] });
  await sotto.open();
  await sotto.ask('A long story, please');
  await expect(sotto.answer).toContainText('word20 ');
  expect(await sotto.stopAndTime(), 'ms to stop').toBeLessThan(1000);
  const kept = lastCountedWord(await sotto.answer.innerText());
  expect(kept).toBeGreaterThanOrEqual(20);
  await page.reload();
  await expect(sotto.answer).toContainText(`word${kept}`);
  await expect(sotto.answer).not.toContainText(`word${kept + 1}`);
});

test('a question in Chinese is answered in Chinese', async ({ sotto }) => {
  await sotto.open();
  const answer = await sotto.answerTo('没有网络的时候怎么用？');
  expect(answer).toMatch(/[\u4e00-\u9fff]{6}/);
  expect(answer).toMatch(/网|离线/);
});

test('exported, deleted and imported, everything is back, and twice is once', everywhere, async ({ page, sotto }) => {
  await playScript(page, anyAnswer);
  await sotto.open();
  const first = await sotto.answerTo(offline);
  await sotto.newChat();
  const second = await sotto.answerTo(webgpu);
  await sotto.chooseForChat(webgpu, 'Pin');
  await sotto.message.fill('half a question');
  await sotto.goTo('Settings');
  await sotto.button('New persona').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Terse');
  await page.getByRole('textbox', { name: 'System prompt' }).last().fill('Be brief.');
  await sotto.button('Save').click();
  await expect(page.getByText('Be brief.')).toBeVisible();

  const [download] = await Promise.all([page.waitForEvent('download'), sotto.button('Export chats').click()]);
  const buffer = await readFile(await download.path());
  await sotto.deleteEverything();
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(0);

  await sotto.goTo('Settings');
  const panel = page.getByRole('region', { name: 'Import', exact: true });
  const choose = async (): Promise<void> => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), sotto.button('Import chats').click()]);
    await chooser.setFiles({ name: 'no name tells.txt', mimeType: 'text/plain', buffer });
  };
  await choose();
  await expect(panel).toContainText('2 new');
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(0);
  await sotto.button('Import', panel).click();
  await expect(panel).toContainText('Imported 2 chats and 4 messages.');
  await expect(page.getByText('Be brief.')).toBeVisible();
  await choose();
  await expect(panel).toContainText('2 already here');
  await expect(sotto.button('Import', panel)).toHaveCount(0);

  await expect(sotto.chats.getByRole('heading', { name: 'Pinned' })).toBeVisible();
  for (const [title, text] of [
    [offline, first],
    [webgpu, second],
  ] as const) {
    await sotto.chat(title).getByRole('link').click();
    await expect(sotto.questions).toHaveText([title]);
    await expect.poll(() => sotto.answer.innerText()).toBe(text);
  }
  await expect(sotto.message).toHaveValue('half a question');
});

test('several chats are tagged and archived, and found by what was said in them', async ({ page, sotto }) => {
  await playScript(page, { answers: [[{ token: 'Quagga' }], [{ token: 'Okapi' }], [{ token: 'Aardvark' }]] });
  await sotto.open();
  for (const question of ['First', 'Second', 'Third']) {
    await sotto.answerTo(question);
    await sotto.newChat();
  }
  await sotto.chooseForChat('First', 'Select');
  await sotto.chats.getByRole('checkbox', { name: 'Second' }).check();
  const bar = page.getByRole('group', { name: 'Selected chats' });
  await expect(bar).toContainText('2 chats selected');
  await sotto.button('Tags…', bar).click();
  await page.getByRole('textbox', { name: 'New tag' }).fill('animals');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('checkbox', { name: 'animals' })).toBeChecked();
  await page.keyboard.press('Escape');
  await sotto.button('Archive', bar).click();
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(1);

  await sotto.button('Show').click();
  await page.getByRole('menuitemradio', { name: 'animals' }).click();
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(2);

  const search = page.getByRole('searchbox', { name: 'Search chats' });
  await search.fill('okap');
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(1);
  await expect(sotto.chats.locator('mark')).toHaveText('Okapi');
  await search.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(sotto.answer).toContainText('Okapi');
});

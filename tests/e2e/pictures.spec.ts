/** Pictures in a chat: what is said of one before it is sent, what a model that sees says of it, and how it is shown. */
import type { Locator, Page } from '@playwright/test';
import { HubControl } from '../fixtures/hub/hub-control';
import { imagePdf } from '../fixtures/pdf-bytes';
import { faxImage, jbig2Image } from '../fixtures/scan-images';
import { seeingAnswers } from '../fixtures/seeing-gguf';
import { hubOrigin } from './hub-origin';
import { rawStorage } from './raw-storage';
import { everywhere, expect, test } from './test';

const control = new HubControl(hubOrigin);
const name = 'tiny-vision-Q8_0';

/** Drops a picture of one color on the chat, or pastes it, as a browser tells of both. */
function give(page: Page, how: 'drop' | 'paste', fileName: string, color: string): Promise<void> {
  return page.evaluate(
    async ({ how, fileName, color }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.fillStyle = color;
      context.fillRect(0, 0, 320, 240);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
      const files = new DataTransfer();
      files.items.add(new File([blob ?? ''], fileName, { type: 'image/png' }));
      const options = { bubbles: true, cancelable: true };
      const [target, event] =
        how === 'drop'
          ? [document.querySelector('.chat'), new DragEvent('drop', { ...options, dataTransfer: files })]
          : [document.querySelector('textarea'), new ClipboardEvent('paste', { ...options, clipboardData: files })];
      target?.dispatchEvent(event);
    },
    { how, fileName, color },
  );
}

const chips = (page: Page): Locator => page.locator('form').getByRole('list', { name: 'Files for this message' });

test(
  'a picture costs what is told, and that a model cannot see it is told before',
  everywhere,
  async ({ page, sotto }) => {
    await sotto.open();
    await give(page, 'drop', 'white.png', '#fff');
    await expect(chips(page).getByText('about 82 tokens')).toBeVisible();
    await expect(page.getByText('Guide can’t see pictures.')).toBeVisible();
    await expect(sotto.button('Find a model that sees')).toBeVisible();
    await page.getByRole('textbox', { name: 'Describe it for those who can’t see it: white.png' }).fill('All white');
    // Enter ends the description, and sends nothing.
    await page.keyboard.press('Enter');
    // Nobody reloads in the moment in which it is written.
    await expect.poll(async () => (await rawStorage(page)).includes('All white')).toBe(true);
    await page.reload();
    // The draft is kept, and what was said of the picture.
    await expect(page.getByRole('textbox', { name: /Describe it/ })).toHaveValue('All white');
    await sotto.button('Remove picture').click();
    await expect(chips(page)).toHaveCount(0);
    await expect(page.getByText('Guide can’t see pictures.')).toHaveCount(0);
  },
);

test('a model that sees is offered, describes the picture, and the viewer shows it', async ({ page, sotto }) => {
  await control.reset();
  await sotto.open('Settings');
  await sotto.useModelHost(hubOrigin);
  await sotto.goTo('Models');
  const dialog = await sotto.askForModel('sotto/tiny-vision-GGUF');
  await sotto.button('Download', dialog).click();
  await expect(sotto.button('Use', page.getByRole('article', { name, exact: true }))).toBeVisible();

  await sotto.goTo('Chat');
  await give(page, 'drop', 'day.png', '#fff');
  await sotto.button(`Use ${name}`, page.locator('form')).click();
  await expect(sotto.button('Model')).toContainText(name);
  await expect(page.getByText('can’t see pictures')).toHaveCount(0);
  await page.getByRole('textbox', { name: /Describe it/ }).fill('A white wall');
  expect(await sotto.answerTo('What is this?')).toContain(seeingAnswers.bright.join(''));
  await expect(chips(page)).toHaveCount(0);

  // A picture alone is a question.
  await sotto.newChat();
  await give(page, 'paste', 'night.png', '#000');
  await give(page, 'drop', 'darker.png', '#000');
  await expect(chips(page).getByText(/about/)).toHaveCount(2);
  await sotto.send.click();
  await sotto.whole();
  await expect(sotto.answer).toContainText(seeingAnswers.dark.join(''));

  // From the store, after a reload.
  await page.reload();
  await sotto.button('Open picture: night.png').click();
  const viewer = page.getByRole('dialog');
  await expect(viewer.getByRole('img', { name: 'night.png' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(viewer.getByRole('heading', { name: 'darker.png' })).toBeVisible();
  await expect(viewer.getByText('Picture 2 of 2')).toBeVisible();
  await sotto.button('Actual size', viewer).click();
  await expect(sotto.button('Fit to screen', viewer)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);

  // The model may have given the older one another title.
  await sotto.chats.getByRole('link').last().click();
  await expect(sotto.button('Open picture: A white wall')).toBeVisible();
});

test('the pages of a scan become pictures of the question', async ({ page, sotto }) => {
  await sotto.open();
  const chooser = await sotto.fileChooser();
  const buffer = Buffer.from(await imagePdf(faxImage(), jbig2Image()).arrayBuffer());
  await chooser.setFiles({ name: 'scan.pdf', mimeType: 'application/pdf', buffer });
  await sotto.button('Use pictures of its pages').click();
  for (const number of [1, 2]) await expect(chips(page).getByText(`scan.pdf, page ${number}`)).toBeVisible();
  await expect(chips(page).getByText('scan.pdf', { exact: true })).toHaveCount(0);
  await expect(page.getByText('Guide can’t see pictures.')).toBeVisible();
});

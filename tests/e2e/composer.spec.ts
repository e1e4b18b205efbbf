/** The place where one writes: its one line of controls, what stands above it, and what is told to those who listen. */
import type { Page } from '@playwright/test';
import { countingWords, playScript } from '../fixtures/scripted-answers';
import { expect, test } from './test';

const words = (...answers: string[]) => ({ answers: answers.map((token) => [{ token }]) });

/** How many lines the controls below the message box take. */
const lines = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const buttons = [...document.querySelectorAll<HTMLElement>('form button')].filter(
      (button) => button.offsetWidth > 0,
    );
    const form = document.querySelector<HTMLElement>('form');
    const past = buttons.filter(
      (button) => button.getBoundingClientRect().right > (form?.getBoundingClientRect().right ?? 0),
    );
    if (past.length > 0) throw new Error('a button stands out of the composer');
    return new Set(buttons.map((button) => Math.round(button.getBoundingClientRect().top + button.offsetHeight / 2)))
      .size;
  });

test.describe('on a phone 320 px wide', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });

  test('everything beside the message box stays in one line, whatever is chosen and going on', async ({
    page,
    sotto,
  }) => {
    await playScript(page, { answers: [countingWords(2000, 20)] });
    await sotto.open();
    expect(await lines(page)).toBe(1);
    await sotto.chooseBesideMessage('Persona');
    await page.getByRole('menuitemradio', { name: 'Plain writing' }).click();
    await expect(sotto.button('Persona')).toBeVisible();
    await sotto.ask('Count, please');
    await sotto.message.fill('And on');
    await expect(sotto.button('Send next')).toBeVisible();
    await expect(sotto.stop).toBeVisible();
    await expect(page.getByRole('button', { name: /context/i })).toBeVisible();
    expect(await lines(page)).toBe(1);
  });

  test('the bar and the tab have the title of the chat', async ({ page, sotto }) => {
    await playScript(page, words('Lisbon.'));
    await sotto.open();
    await expect(page).toHaveTitle('Chat · Sotto');
    await sotto.answerTo('A town by the sea?');
    await expect(page.getByRole('banner')).toContainText('A town by the sea?');
    await expect(page).toHaveTitle('A town by the sea? · Sotto');
    await sotto.newChat();
    await expect(page).toHaveTitle('Chat · Sotto');
  });
});

test('a notice stands above the composer, and hides nothing of it', async ({ page, sotto }) => {
  await playScript(page, words('Lisbon.'));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 720 });
    await sotto.open();
    await sotto.answerTo('A town?');
    await sotto.button('More', sotto.answer).click();
    await page.getByRole('menuitem', { name: 'Delete from here' }).click();
    const notice = page.locator('.notice').first();
    await expect(notice).toBeVisible();
    const [told, box] = [await notice.boundingBox(), await page.locator('form').boundingBox()];
    expect(told && box && told.y + told.height, `${width} px`).toBeLessThanOrEqual(box?.y ?? 0);
    expect(box && told && box.y - told.y - told.height).toBeLessThan(80);
    await sotto.button('Dismiss').first().click();
  }
});

/** Everything that was said in live regions from now on, in order, without repetition. */
async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    const hear = (): void => {
      for (const region of document.querySelectorAll('[role=status], [role=alert], [aria-live=polite], [role=log]')) {
        if (region.getAttribute('aria-live') === 'off') continue;
        const text = region.textContent.trim();
        if (text !== '' && said.at(-1) !== text) said.push(text);
      }
    };
    new MutationObserver(hear).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(globalThis, { said });
  });
  return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
}

test('an answer is announced when it begins and when it is complete, and nothing while it is written', async ({
  page,
  sotto,
}) => {
  await playScript(page, { answers: [countingWords(60, 15), countingWords(2000, 20)] });
  await sotto.open();
  const said = await listen(page);
  await sotto.answerTo('Count, please');
  await expect.poll(said).toEqual(['Answering…', 'Answer complete']);
  await sotto.ask('Once more');
  await expect(sotto.answer).toContainText('word3');
  await sotto.stop.click();
  await expect.poll(said).toEqual(['Answering…', 'Answer complete', 'Answering…', 'Answer stopped']);
});

test('the button of an edit says what becomes of the words', async ({ page, sotto }) => {
  await playScript(page, words('Lisbon.', 'Porto.'));
  await sotto.open();
  await sotto.answerTo('A town?');
  await sotto.questions.first().hover();
  await sotto.button('Edit', sotto.questions.first()).click();
  await page.getByRole('textbox', { name: 'Edit message' }).fill('Another town?');
  await sotto.button('Ask again').click();
  await expect(sotto.answer).toContainText('Porto.');
  await sotto.whole();
  await sotto.button('Edit', sotto.answer).click();
  await expect(sotto.button('Save')).toBeVisible();
});

test('chats are archived together, taken back, and counted where the list is empty', async ({ page, sotto }) => {
  await playScript(page, words('One.', 'Two.', 'Three.'));
  await sotto.open();
  for (const question of ['First', 'Second', 'Third']) {
    await sotto.newChat();
    await sotto.answerTo(question);
  }
  await sotto.chooseForChat('Third', 'Pin');
  await sotto.chooseForChat('First', 'Select');
  await sotto.button('Select all').click();
  await page.getByRole('group', { name: 'Selected chats' }).getByRole('button', { name: 'Archive' }).click();
  await expect(sotto.chats).toHaveCount(0);
  await sotto.button('3 archived').click();
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(3);
  await sotto.button('Undo').click();
  await expect(sotto.chats.getByRole('listitem')).toHaveCount(3);
  await expect(page.getByText('Pinned')).toBeVisible();
});

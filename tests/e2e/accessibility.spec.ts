import { playScript } from '../fixtures/scripted-answers';
import { screens, type SottoPage } from './sotto-page';
import { expect, test } from './test';
import { violationsOn } from './violations';

const themes = ['light', 'dark'] as const;

/** One of everything that Markdown makes, and words too long for any screen. */
const richAnswer = [
  '<think>First I look at the question.</think>\n\n',
  '# Heading\n\nText with **bold**, `code` and [a link](https://example.org/page).\n\n',
  '- one\n- two\n  1. nested\n\n> A quote\n\n',
  '```js\nconst answer = "a line of code that is longer than any telephone is wide, and then some more of it";\n```\n\n',
  '| quantity | target | measured | conditions | remarks |\n|---|---|---|---|---|\n| one | two | three | four | five |\n\n',
  `Donaudampfschifffahrts${'gesellschaft'.repeat(12)}\n\nhttps://example.org/${'path/'.repeat(30)}\n`,
];

async function expectNoViolations(sotto: SottoPage, where: string): Promise<void> {
  // Soft: one run tells of all screens.
  expect.soft(await violationsOn(sotto.page), where).toEqual([]);
}

async function expectNoSideways(sotto: SottoPage, where: string): Promise<void> {
  const tooWide = await sotto.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(tooWide, `${where}: pixels too wide`).toBeLessThanOrEqual(0);
}

/** 44 by 44 px for everything that is tapped; a link inside a line of text may be as high as its line. */
async function expectLargeTargets(sotto: SottoPage, where: string): Promise<void> {
  const small = await sotto.page
    .getByRole('button')
    .or(sotto.page.getByRole('textbox'))
    .evaluateAll((elements) =>
      elements
        .map((element) => ({
          name: element.getAttribute('aria-label') ?? element.textContent.trim(),
          box: element.getBoundingClientRect(),
        }))
        .filter(({ box }) => box.width > 0 && (box.width < 44 || box.height < 44))
        .map(({ name, box }) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`),
    );
  expect.soft(small, `${where}: targets too small`).toEqual([]);
}

const playRichAnswer = (sotto: SottoPage): Promise<unknown> =>
  playScript(sotto.page, { answers: [richAnswer.map((token) => ({ token }))] });

for (const theme of themes) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    test('no screen has a violation', async ({ page, sotto }) => {
      await playRichAnswer(sotto);
      for (const screen of screens) {
        await sotto.open(screen);
        await expectNoViolations(sotto, screen);
      }
      await sotto.goTo('Chat');
      await sotto.answerTo('Everything, please');
      await sotto.answer.getByRole('group', { name: 'Thinking' }).locator('summary').click();
      await expectNoViolations(sotto, 'an answer');
      await sotto.button('Model').click();
      await expect(page.getByRole('menu')).toBeVisible();
      await expectNoViolations(sotto, 'the menu of models');
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox').fill('everything');
      await expect(sotto.chats.locator('mark').first()).toHaveText('Everything');
      await expectNoViolations(sotto, 'found chats');
      await page.getByRole('searchbox').fill('');
      await sotto.chooseForChat('Everything', 'Select');
      await expect(page.getByRole('group', { name: 'Selected chats' })).toBeVisible();
      await expectNoViolations(sotto, 'selected chats');
      await sotto.button('Tags…').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectNoViolations(sotto, 'the tags');
      await page.keyboard.press('Escape');
      await sotto.button('Done').click();
      await sotto.goTo('Models');
      await sotto.button('Add a model').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectNoViolations(sotto, 'the dialog');
      await page.keyboard.press('Escape');
      await sotto.button('Add a server').click();
      await expect(page.getByRole('dialog', { name: 'Add a server' })).toBeVisible();
      await expectNoViolations(sotto, 'the dialog of servers');
    });

    test('nor has one on a phone, with the drawer open', async ({ page, sotto }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await sotto.open();
      await expectNoViolations(sotto, 'chat on a phone');
      await sotto.button('Menu').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectNoViolations(sotto, 'the drawer');
    });
  });
}

test('a question is sent and stopped by keyboard alone', async ({ page, sotto }) => {
  await playScript(page, { answers: [Array.from({ length: 500 }, () => ({ token: 'so ', delayMs: 20 }))] });
  await sotto.open();
  const focused = (): Promise<string> =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
  for (let presses = 0; presses < 40 && (await focused()) !== 'Message'; presses += 1) await page.keyboard.press('Tab');
  expect(await focused()).toBe('Message');
  await page.keyboard.type('Line one');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('line two');
  await page.keyboard.press('Enter');
  await expect(sotto.questions).toContainText(['Line one\nline two'], { useInnerText: true });
  await expect(sotto.answer).toContainText('so so');
  for (let presses = 0; presses < 10 && (await focused()) !== 'Stop'; presses += 1) await page.keyboard.press('Tab');
  expect(await focused()).toBe('Stop');
  await page.keyboard.press('Enter');
  await expect(sotto.answer).not.toHaveAttribute('aria-busy', 'true');
});

for (const width of [390, 320]) {
  test.describe(`on a phone ${width} px wide`, () => {
    test.use({ viewport: { width, height: 720 }, hasTouch: true, isMobile: true });

    test('nothing scrolls sideways, and every target is large enough for a thumb', async ({ sotto }) => {
      await playRichAnswer(sotto);
      for (const screen of screens) {
        await sotto.open(screen);
        await expectNoSideways(sotto, screen);
        await expectLargeTargets(sotto, screen);
      }
      await sotto.open('Chat');
      await sotto.answerTo('Everything, please');
      await expectNoSideways(sotto, 'an answer');
      await expectLargeTargets(sotto, 'an answer');
      await expect(sotto.message).toBeInViewport();
    });
  });
}

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('the interface speaks Chinese, on every screen', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('textbox')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
    const links = page.getByRole('navigation').getByRole('link');
    await expect(links).toHaveText(['聊天', '模型', '文档', '基准测试', '实验室', '隐私', '设置']);
    for (const name of ['模型', '文档', '基准测试', '实验室', '隐私', '设置']) {
      await links.filter({ hasText: name }).click();
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
      // Words of our own must all be Chinese; what is a name stays as it is.
      const english = (await page.getByRole('main').innerText()).match(/(?:[a-z]{3,} ){3,}/gi) ?? [];
      expect.soft(english, name).toEqual([]);
    }
  });
});

/** A chat on paper: all of it, however wide it is on a screen. */
import type { Page } from '@playwright/test';
import { playScript } from '../fixtures/scripted-answers';
import { expect, test } from './test';

const columns = Array.from({ length: 14 }, (_, index) => `Column number ${index + 1}`);
const cells = columns.map((_, index) => `measured-value-${index + 1}`);
const row = (words: readonly string[]): string => `| ${words.join(' | ')} |`;
const table = [row(columns), row(columns.map(() => '---')), row(cells), row(cells)].join('\n');
const sum = Array.from({ length: 30 }, (_, index) => `a_{${index + 1}} x^{${index + 1}}`).join(' + ');
const matrix = Array.from({ length: 18 }, (_, index) => `m_{1,${index + 1}} + \\epsilon`).join(' & ');
const formulas = `$$${sum}$$\n\n$$\\begin{pmatrix} ${matrix} \\end{pmatrix}$$\n\nand $\\overline{${sum}}$ in a line`;
const code = `\`\`\`text\n${'a-long-line-of-code '.repeat(30)}end-of-line\n${'x'.repeat(400)}\n\`\`\``;
const answer = `${table}\n\n${formulas}\n\n${code}\n\n${'A paragraph of the answer.\n\n'.repeat(40)}The last words.`;

/** A4 without the margins that browsers leave, in CSS px. */
const paper = { width: 718, height: 1047 };

/** What stands outside of the paper, or is cut off by something around it. */
const cutOff = (page: Page, within: string): Promise<string[]> =>
  page.evaluate((selector) => {
    const edge = document.documentElement.clientWidth + 0.5;
    const cut: string[] = [];
    const texts = document.createTreeWalker(document.querySelector(selector) ?? document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const parent = text.parentElement;
      // For the ear only.
      if (!parent || parent.closest('.katex-mathml, .unseen, button') || /^[\s\u200b]*$/.test(text.textContent ?? ''))
        continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const rects = [...range.getClientRects()].filter(({ width }) => width > 0);
      if (rects.length === 0) cut.push(`not there: ${text.textContent}`);
      if (rects.some(({ left, right }) => left < -0.5 || right > edge)) cut.push(`beyond: ${text.textContent}`);
      for (let around: Element | null = parent; around && around !== document.body; around = around.parentElement) {
        const clips = getComputedStyle(around).overflowX !== 'visible' && !around.closest('.katex');
        if (getComputedStyle(around).overflowY !== 'visible' && around.scrollHeight > around.clientHeight + 1)
          cut.push(`below: ${text.textContent}`);
        if (clips && around.scrollWidth > around.clientWidth + 1) cut.push(`clipped: ${text.textContent}`);
      }
    }
    return cut.slice(0, 10);
  }, within);

test('nothing of a wide table, a long formula or a line of code is cut off in print', async ({ page, sotto }) => {
  await playScript(page, { answers: [[{ token: answer }]] });
  await sotto.open();
  await sotto.answerTo('A wide one, please');
  const id = new URL(page.url()).hash.split('/').at(-1) ?? '';
  await page.goto(`#/print/${id}`);
  await expect(page.locator('.katex-html')).toHaveCount(3);
  await expect(page.getByText('The last words.')).toBeAttached();
  await page.setViewportSize(paper);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  expect(await cutOff(page, 'main')).toEqual([]);
  // The letters of the table are small, but can be read.
  const size = await page
    .locator('td')
    .first()
    .evaluate((cell) => parseFloat(getComputedStyle(cell).fontSize));
  expect(size).toBeGreaterThan(8);
});

test('a chat that is printed from its own screen is whole, too', async ({ page, sotto }) => {
  await playScript(page, { answers: [[{ token: answer }]] });
  await sotto.open();
  await sotto.answerTo('A wide one, please');
  await expect(page.locator('.katex-html')).toHaveCount(3);
  await page.setViewportSize(paper);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  expect(await cutOff(page, '[role=log]')).toEqual([]);
  const height = await page.evaluate(() => document.body.scrollHeight);
  expect(height).toBeGreaterThan(2 * paper.height);
  await expect(sotto.message).toBeHidden();
  await expect(page.getByText('The last words.')).toBeVisible();
});

/** A network that neither answers nor breaks off, in the middle of an answer: what has come is shown, in the form that can be had. */
import { playScript } from '../fixtures/scripted-answers';
import { expect, test } from './test';

const formula = 'The area is $A = \\pi r^2$, as you see.\n\n';
const words = Array.from({ length: 60 }, (_, index) => ({ token: `word${index + 1} `, delayMs: 20 }));

test.describe('while an answer is written', () => {
  test('its first formula does not stop it, though the styles of formulas never come', async ({ page, sotto }) => {
    await page.route(/katex.*\.css/, () => {});
    await playScript(page, { answers: [[{ token: formula }, ...words]] });
    await sotto.open();
    await sotto.answerTo('What is the area?');
    await expect(sotto.answer).toContainText('word60');
    // Drawn by the browser itself, once.
    await expect(sotto.answer.locator('math')).toBeVisible();
    await expect(sotto.answer.locator('.katex-html')).toBeHidden();
  });

  test('formulas and code get their form when its part comes after all', async ({ page, sotto }) => {
    const held: (() => Promise<void>)[] = [];
    await page.context().route(/\/(typeset|highlight)[^/]*\.js/, (route) => {
      held.push(() => route.continue());
    });
    await playScript(page, { answers: [[{ token: `${formula}\`\`\`js\nlet a = 1;\n\`\`\`\n\n` }, ...words]] });
    await sotto.open();
    await sotto.answerTo('What is the area?');
    await expect(sotto.answer).toContainText('word60');
    await expect(sotto.answer.locator('.math-source')).toContainText('\\pi r^2');
    await expect(sotto.answer.locator('pre')).toContainText('let a = 1;');
    expect(held).toHaveLength(2);
    for (const go of held) await go();
    await expect(sotto.answer.locator('.katex-html')).toBeVisible();
    await expect(sotto.answer.locator('.hl-keyword')).toHaveText('let');
  });
});

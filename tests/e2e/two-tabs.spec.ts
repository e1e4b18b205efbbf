import { countingWords, lastCountedWord, playScript } from '../fixtures/scripted-answers';
import { SottoPage } from './sotto-page';
import { expect, test } from './test';

const busyWords = /another tab/i;

test('two tabs on one conversation: one writes, the other waits its turn', async ({ context, page, sotto }) => {
  await playScript(context, { answers: [countingWords(3000, 20)] });
  await sotto.open();
  await sotto.ask('First question');
  await expect(sotto.answer).toContainText('word10 ');

  const other = new SottoPage(await context.newPage());
  await other.page.goto(page.url());
  await expect(other.questions).toContainText(['First question']);
  await other.message.fill('Second question');
  await other.send.click();
  const refusal = other.page.getByRole('alert').filter({ hasText: busyWords });
  await expect(refusal).toBeVisible();
  await expect(other.message).toHaveValue('Second question');
  await expect(other.questions).toHaveCount(1);

  await sotto.stop.click();
  await sotto.whole();
  const words = lastCountedWord(await sotto.answer.innerText());
  await expect(other.answer).not.toHaveAttribute('aria-busy', 'true');
  await expect(other.answer).toContainText(`word${words}`);
  await expect(other.message).toHaveValue('Second question');
  await other.send.click();
  await expect(refusal).toHaveCount(0);
  await expect(other.answer).toContainText('word10 ');
  await other.stop.click();
  await other.whole();
  // And back: the first tab shows what the other one wrote.
  await expect(sotto.questions).toContainText(['First question', 'Second question']);
  await expect(sotto.answer).toContainText(`word${lastCountedWord(await other.answer.innerText())}`);
});

test('a conversation that was open elsewhere recovers when the writing tab dies', async ({ context, page, sotto }) => {
  await playScript(context, { answers: [[{ token: 'short' }], countingWords(2000, 20)] });
  await sotto.open();
  await sotto.answerTo('First question');
  const other = new SottoPage(await context.newPage());
  await other.page.goto(page.url());
  await expect(other.answers).toHaveCount(1);
  await sotto.ask('Second question');
  await expect(sotto.answer).toContainText('word60 ');
  await expect(other.questions).toHaveCount(2);
  // Without a word to anyone, as when the browser ends a tab for its memory.
  await page.close({ runBeforeUnload: false });
  await expect(other.button('Continue')).toBeVisible();
  await expect(other.answer).toContainText('word1 ');
});

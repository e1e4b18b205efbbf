import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KillableChromium } from '../../tools/browser/killable-chromium';
import { countingWords, lastCountedWord, playScript } from '../fixtures/scripted-answers';
import { SottoPage } from './sotto-page';
import { alone, expect, test } from './test';

const delayMs = 20;

test('an answer that a crash cut off is marked, and goes on where it stopped', alone, async ({ baseURL }) => {
  const profile = await mkdtemp(join(tmpdir(), 'sotto-crash-'));
  const address = `${baseURL ?? ''}/#/chat`;
  let browser = await KillableChromium.start(profile);
  try {
    await playScript(browser.page, { answers: [countingWords(2000, delayMs)] });
    await browser.page.goto(address);
    let sotto = new SottoPage(browser.page);
    await sotto.ask('Tell me a long story');
    await expect(sotto.answer).toContainText('word150 ');
    const shown = lastCountedWord(await sotto.answer.innerText());
    const conversation = browser.page.url();
    await browser.kill();

    browser = await KillableChromium.start(profile);
    await playScript(browser.page, { answers: [[{ token: 'and so it ended.' }]] });
    await browser.page.goto(conversation);
    sotto = new SottoPage(browser.page);
    await expect(sotto.questions).toContainText(['Tell me a long story']);
    const continuing = sotto.button('Continue', sotto.answer);
    await expect(continuing).toBeVisible();
    await expect(sotto.answer).toContainText(/interrupted|cut off/i);
    const kept = lastCountedWord(await sotto.answer.innerText());
    expect((shown - kept) * delayMs, 'ms of text lost').toBeLessThanOrEqual(1000);

    await continuing.click();
    await sotto.whole();
    await expect(sotto.answers).toHaveCount(1);
    await expect(sotto.answer).toContainText(`word${kept} and so it ended.`);
    await expect(sotto.button('Continue')).toHaveCount(0);
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true, force: true });
  }
});

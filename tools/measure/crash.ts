import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countingWords, lastCountedWord, playScript } from '../../tests/fixtures/scripted-answers';
import { KillableChromium } from '../browser/killable-chromium';
import type { Row } from './row';

const delayMs = 10;
/** The word after which each run is killed: different moments between two writes to the store. */
const killedAfter = [3, 90, 151, 232, 317];
const limitMs = 1000;

interface Crash {
  readonly killedAfterWord: number;
  readonly lostWords: number;
  readonly lostMs: number;
  /** The earlier question and its answer, and the question whose answer was cut, are all there, letter by letter. */
  readonly keptWhatWasSaved: boolean;
  readonly markedAsInterrupted: boolean;
}

async function crash(origin: string, word: number): Promise<Crash> {
  const profile = await mkdtemp(join(tmpdir(), 'sotto-crash-'));
  const script = { answers: [[{ token: 'The first answer.' }], countingWords(3000, delayMs)] };
  let browser = await KillableChromium.start(profile);
  try {
    await playScript(browser.page, script);
    await browser.page.goto(`${origin}/#/chat`);
    const message = browser.page.getByRole('textbox', { name: 'Message' });
    await message.fill('First question');
    await message.press('Enter');
    await browser.page
      .getByRole('article', { name: 'Answer' })
      .getByText(/first token after/)
      .waitFor();
    await message.fill('Second question');
    await message.press('Enter');
    const answer = browser.page.getByRole('article', { name: 'Answer' }).last();
    await answer.getByText(`word${word} `).waitFor();
    const shown = lastCountedWord(await answer.innerText());
    const address = browser.page.url();
    await browser.kill();

    browser = await KillableChromium.start(profile);
    await browser.page.goto(address);
    const cut = browser.page.getByRole('article', { name: 'Answer' }).last();
    const continuing = cut.getByRole('button', { name: 'Continue' });
    const markedAsInterrupted = await continuing.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    // Not its inner text, which leaves out what is scrolled out of sight.
    const log = (await browser.page.getByRole('log').textContent()) ?? '';
    const lostWords = Math.max(0, shown - lastCountedWord(await cut.innerText()));
    return {
      killedAfterWord: shown,
      lostWords,
      lostMs: lostWords * delayMs,
      keptWhatWasSaved: ['First question', 'The first answer.', 'Second question'].every((text) => log.includes(text)),
      markedAsInterrupted,
    };
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true, force: true });
  }
}

export async function measureCrash(origin: string): Promise<readonly Row[]> {
  const crashes: Crash[] = [];
  for (const word of killedAfter) crashes.push(await crash(origin, word));
  const lost = crashes.map(({ lostMs }) => lostMs);
  const sound = crashes.filter(({ keptWhatWasSaved, markedAsInterrupted }) => keptWhatWasSaved && markedAsInterrupted);
  return [
    {
      quantity: 'killed (SIGKILL) while an answer was written',
      target: 'nothing shown as saved is lost; the answer is marked as interrupted; ≤ 1 s of its text lost',
      measured: `${sound.length} of ${crashes.length} sound; at most ${Math.max(...lost)} ms of text lost`,
      met: sound.length === crashes.length && Math.max(...lost) <= limitMs,
      samples: lost,
      conditions: `scripted engine, a word each ${delayMs} ms; the whole browser is killed, then started again with the same profile; samples are ms of text lost`,
      details: { crashes },
    },
  ];
}

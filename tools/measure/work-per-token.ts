import { chromium, type CDPSession, type Page } from '@playwright/test';
import { playScript } from '../../tests/fixtures/scripted-answers';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { median, ratio, rounded, roundedAll, type Row } from './row';
import { endlessParagraph, storyTokens } from './story';

// One round of the two texts takes over two minutes; raise it for a figure with a spread.
const rounds = 1;
/** Faster than any model on two cores, so that the page has much to do, and the same at the start and at the end. */
const delayMs = 5;
const early = 100;
const late = 10_000;
/** Tokens of a window: seconds of streaming, so that a frame more or less does not matter. */
const span = 600;

interface Sample {
  readonly tokens: number;
  readonly atMs: number;
  readonly taskMs: number;
  readonly scriptMs: number;
}

async function sampleAt(page: Page, session: CDPSession, token: number): Promise<Sample> {
  let tokens = 0;
  while (tokens < token) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(500, Math.max(20, (token - tokens) * delayMs * 0.5))));
    tokens = await page.evaluate(() => globalThis.answerAtPage.tokens);
  }
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (wanted: string): number => (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN) * 1000;
  return { tokens, atMs: performance.now(), taskMs: of('TaskDuration'), scriptMs: of('ScriptDuration') };
}

interface Window {
  readonly taskMsPerToken: number;
  readonly scriptMsPerToken: number;
  readonly tokensPerSecond: number;
}

async function window(page: Page, session: CDPSession, from: number): Promise<Window> {
  const start = await sampleAt(page, session, from);
  const end = await sampleAt(page, session, start.tokens + span);
  const tokens = end.tokens - start.tokens;
  return {
    taskMsPerToken: (end.taskMs - start.taskMs) / tokens,
    scriptMsPerToken: (end.scriptMs - start.scriptMs) / tokens,
    tokensPerSecond: (tokens * 1000) / (end.atMs - start.atMs),
  };
}

async function measureText(origin: string, tokens: readonly string[]): Promise<{ first: Window; last: Window }> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const page = await browser.newPage();
  await playScript(page, { answers: [tokens.map((token) => ({ token, delayMs }))] });
  await page.goto(`${origin}/#/chat`);
  const message = page.getByRole('textbox', { name: 'Message' });
  await message.fill('Write a very long report');
  await message.press('Enter');
  const session = await page.context().newCDPSession(page);
  // In CPU time of the thread: what else the machine does is not the page's work.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const first = await window(page, session, early);
  const last = await window(page, session, late);
  await browser.close();
  return { first, last };
}

const texts = { 'a report in Markdown': storyTokens, 'one endless paragraph': endlessParagraph };

export async function measureWorkPerToken(origin: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, make] of Object.entries(texts)) {
    const runs: Awaited<ReturnType<typeof measureText>>[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await measureText(origin, make(late + 2 * span)));
    const ratios = runs.map(({ first, last }) => last.taskMsPerToken / first.taskMsPerToken);
    const value = median(ratios);
    const middle = (of: (run: (typeof runs)[number]) => number): number => rounded(median(runs.map(of)));
    rows.push({
      quantity: `page main-thread work per streamed token, 10,000th against 100th (${name})`,
      target: '≤ 1.5 ×',
      measured: `${ratio(value)} ×`,
      met: value <= 1.5,
      samples: roundedAll(ratios),
      conditions: `scripted engine at one token each ${delayMs} ms in the built app; CPU time of the page thread over ${span} tokens: script, style, layout and paint; median`,
      details: {
        earlyTaskMsPerToken: middle(({ first }) => first.taskMsPerToken),
        lateTaskMsPerToken: middle(({ last }) => last.taskMsPerToken),
        earlyScriptMsPerToken: middle(({ first }) => first.scriptMsPerToken),
        lateScriptMsPerToken: middle(({ last }) => last.scriptMsPerToken),
        earlyTokensPerSecond: middle(({ first }) => first.tokensPerSecond),
        lateTokensPerSecond: middle(({ last }) => last.tokensPerSecond),
      },
    });
  }
  return rows;
}

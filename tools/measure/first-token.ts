import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { median, rounded, roundedAll, seconds, type Row } from './row';

const rounds = 5;
/** As long as anybody stays: the browser keeps compiled WebAssembly when it has optimised it, some seconds after the start. */
const stayMs = 5000;
const question = 'How do I use this offline?';

declare global {
  /** When the first word of an answer was in the page, in ms since navigation; null before. */
  var firstWordAt: number | null;
}

function watchForFirstWord(): void {
  globalThis.firstWordAt = null;
  const observer = new MutationObserver(() => {
    // The status line of an answer is no part of its text.
    const text = document.querySelector('article[aria-label="Answer"] .markdown')?.textContent ?? '';
    if (text.trim() === '') return;
    globalThis.firstWordAt = performance.now();
    observer.disconnect();
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
}

interface Visit {
  readonly composerMs: number;
  readonly firstWordMs: number;
}

interface VisitOptions {
  /** How long the page stays open after the answer, in ms. */
  readonly stay?: number;
  /** For the box and for the first word, in ms. */
  readonly timeout?: number;
  readonly onFirstWord?: () => void;
}

/** Navigates, types as soon as there is a box, and waits for the first word of the answer. */
export async function visit(
  context: BrowserContext,
  origin: string,
  { stay = 0, timeout = 30_000, onFirstWord }: VisitOptions = {},
): Promise<Visit> {
  const page = await context.newPage();
  await page.addInitScript(watchForFirstWord);
  await page.goto(`${origin}/#/chat`, { waitUntil: 'commit' });
  const message = page.getByRole('textbox', { name: 'Message' });
  await message.waitFor({ timeout });
  const composerMs = await page.evaluate(() => performance.now());
  await message.fill(question);
  await message.press('Enter');
  const handle = await page.waitForFunction(() => globalThis.firstWordAt, null, { timeout });
  const firstWordMs = (await handle.jsonValue()) ?? Number.NaN;
  onFirstWord?.();
  // Its answer is written to the end before the next visit begins.
  await page
    .getByRole('article', { name: 'Answer' })
    .getByText(/first token after/)
    .waitFor();
  await new Promise((resolve) => setTimeout(resolve, stay));
  await page.close();
  return { composerMs, firstWordMs };
}

/** As at any later visit: while it is being stored, that takes a core for seconds. */
async function untilStored(context: BrowserContext, origin: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${origin}/#/settings`);
  await page.getByText('Sotto works offline').waitFor();
  await page.close();
}

export async function measureFirstToken(origin: string): Promise<readonly Row[]> {
  const cold: Visit[] = [];
  const warm: Visit[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const profile = await mkdtemp(join(tmpdir(), 'sotto-visit-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findChromium(),
      args: chromiumFlags,
    });
    cold.push(await visit(context, origin));
    await untilStored(context, origin);
    // The first visits from the copy still fill the caches for compiled code.
    for (let count = 0; count < 2; count += 1) await visit(context, origin, { stay: stayMs });
    warm.push(await visit(context, origin));
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
  const row = (name: string, visits: readonly Visit[], limit: number): Row => {
    const times = visits.map(({ firstWordMs }) => firstWordMs);
    const value = median(times);
    return {
      quantity: `${name} visit to first token of a Guide answer`,
      target: `≤ ${(limit / 1000).toFixed(1)} s`,
      measured: seconds(value),
      met: value <= limit,
      samples: roundedAll(times, 4),
      conditions: `localhost; from navigation start to the first word of the answer in the page, typing included; ${name === 'cold' ? 'empty profile, new browser' : 'fourth visit of a profile, new page, the copy for use without a network stored, earlier visits of five seconds'}; median`,
      details: { composerReadyMs: rounded(median(visits.map(({ composerMs }) => composerMs)), 4) },
    };
  };
  return [row('cold', cold, 1000), row('warm', warm, 500)];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { median, ratio, rounded, roundedAll, type Row } from './row';
import { numberedChats, storeChats } from './store-chats';

const few = 10;
const many = 10_000;
const rounds = 9;

declare global {
  /** When the message box and the first entry of the list were both in the page, in ms since navigation. */
  var openedAt: number | null;
}

function watchForOpened(): void {
  globalThis.openedAt = null;
  const observer = new MutationObserver(() => {
    if (!document.querySelector('textarea') || !document.querySelector('li a[href^="#/chat/"]')) return;
    globalThis.openedAt = performance.now();
    observer.disconnect();
  });
  observer.observe(document, { subtree: true, childList: true });
}

async function prepare(context: BrowserContext, origin: string, count: number): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${origin}/#/chat`);
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.evaluate(storeChats, numberedChats(count));
  await page.close();
}

async function open(context: BrowserContext, origin: string): Promise<number> {
  const page = await context.newPage();
  await page.addInitScript(watchForOpened);
  await page.goto(`${origin}/#/chat`, { waitUntil: 'commit' });
  const handle = await page.waitForFunction(() => globalThis.openedAt);
  const openedAt = (await handle.jsonValue()) ?? Number.NaN;
  // The engine, too, is up before the next page starts: it must not run into that one's time.
  await page.waitForLoadState('networkidle');
  await page.close();
  return openedAt;
}

export async function measureConversations(origin: string): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-many-'));
  const launch = (name: string): Promise<BrowserContext> =>
    chromium.launchPersistentContext(join(folder, name), { executablePath: findChromium(), args: chromiumFlags });
  const contexts = { few: await launch('few'), many: await launch('many') };
  await prepare(contexts.few, origin, few);
  await prepare(contexts.many, origin, many);
  const times: { few: number[]; many: number[] } = { few: [], many: [] };
  for (let round = -1; round < rounds; round += 1) {
    const pair = { few: await open(contexts.few, origin), many: await open(contexts.many, origin) };
    // The first pair fills the caches.
    if (round < 0) continue;
    times.few.push(pair.few);
    times.many.push(pair.many);
  }
  await contexts.few.close();
  await contexts.many.close();
  await rm(folder, { recursive: true, force: true });
  const value = median(times.many) / median(times.few);
  return [
    {
      quantity: 'opening the app with 10,000 stored conversations, against 10',
      target: '≤ 1.3 ×',
      measured: `${ratio(value)} ×`,
      met: value <= 1.3,
      samples: roundedAll(times.many.map((time, index) => time / (times.few[index] ?? Number.NaN))),
      conditions:
        'from navigation start until the message box and the first entry of the list are in the page; warm caches; pairs taken in turn; ratio of medians',
      details: {
        fewMs: rounded(median(times.few)),
        manyMs: rounded(median(times.many)),
        fewSamplesMs: roundedAll(times.few),
        manySamplesMs: roundedAll(times.many),
      },
    },
  ];
}

/** How soon the page does what a tap asks for, on a phone whose page thread is a quarter as fast as that of this machine. */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from '@playwright/test';
import { countingWords, playScript } from '../../tests/fixtures/scripted-answers';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { numberedChats, storeChats } from './store-chats';
import { median, rounded, roundedAll, type Row } from './row';
import { cases, type TapCase, type TappedScreen } from './taps/cases';
import { slowdown, TapTimer, type TapTime } from './taps/tap-timer';

const limitMs = 100;
const chats = 400;
const rounds = 5;
/** For what a screen begins by itself once it is there, in ms. */
const settleMs = 600;

/** The library is filled and the app is kept for offline use: neither must run into the time of a tap. */
async function prepare(context: BrowserContext, origin: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${origin}/#/chat`);
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  await page.evaluate(storeChats, numberedChats(chats));
  await page.evaluate(() => localStorage.setItem('sotto.speed-check', 'off'));
  await page.goto(`${origin}/#/settings`);
  await page.getByText('Sotto works offline').waitFor({ timeout: 120_000 });
  await page.close();
}

async function measureTap(context: BrowserContext, origin: string, one: TapCase): Promise<TapTime> {
  const page = await context.newPage();
  try {
    await playScript(page, { answers: [countingWords(3000, 20)] });
    await page.goto(`${origin}/#/${one.at}`);
    await page.locator('#main h1, #main textarea').first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(settleMs);
    // Another finger has been there before, unless the tap is the first of a visit.
    if (one.first !== true) await page.touchscreen.tap(1, 70);
    await one.before?.(page);
    await page.waitForTimeout(settleMs);
    return await one.run(page, await TapTimer.of(page));
  } catch (error) {
    throw new Error(`The tap “${one.name}” (${one.screen}) could not be measured`, { cause: error });
  } finally {
    // What one tap has chosen must not be there for the next.
    await page.evaluate(() => {
      for (const key of ['sotto.theme', 'sotto.language', 'sotto.titles']) localStorage.removeItem(key);
    });
    await page.close();
  }
}

export async function measureTaps(origin: string): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-taps-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: findChromium(),
    args: chromiumFlags,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: 'en',
  });
  const times = new Map<TapCase, TapTime[]>();
  try {
    await prepare(context, origin);
    for (let round = -1; round < rounds; round += 1) {
      for (const one of cases) {
        const time = await measureTap(context, origin, one);
        // The first fills the caches.
        if (round >= 0) times.set(one, [...(times.get(one) ?? []), time]);
      }
    }
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
  const screens = [...new Set(cases.map(({ screen }) => screen))];
  const ofScreen = (screen: TappedScreen): Row => {
    const taps = [...times].filter(([one]) => one.screen === screen && one.limitMs === undefined);
    return rowOf(`slowest tap, ${screen}`, taps, limitMs);
  };
  const special = [...times].filter(([{ limitMs: own }]) => own !== undefined);
  return [
    ...screens.map(ofScreen),
    ...special.map(([one, tries]) => rowOf(`tap “${one.name}”, ${one.screen}`, [[one, tries]], one.limitMs ?? limitMs)),
  ];
}

const best = (tries: readonly TapTime[]): number => Math.min(...tries.map(({ shownMs }) => shownMs));

function rowOf(quantity: string, taps: readonly (readonly [TapCase, readonly TapTime[]])[], limit: number): Row {
  const [slowest] = [...taps].sort(([, a], [, b]) => best(b) - best(a));
  if (!slowest) throw new Error(`no tap for ${quantity}`);
  const [{ name }, tries] = slowest;
  const middle = (times: readonly TapTime[], of: keyof TapTime): number =>
    rounded(median(times.map((time) => time[of])));
  return {
    quantity,
    target: `≤ ${limit} ms`,
    measured: `${rounded(best(tries))} ms (${name})`,
    met: best(tries) <= limit,
    samples: roundedAll(tries.map(({ shownMs }) => shownMs)),
    conditions: `phone of 390 × 844, page thread ${slowdown} times as slow, ${chats} chats, scripted engine, kept for offline use, each tap in a page just opened; from the tap until what it asks for is drawn, parts that are loaded for it included; best of ${rounds}, since what else the machine does only makes it slower: load average ${rounded(loadavg()[0] ?? Number.NaN)}`,
    details: Object.fromEntries(
      taps.map(([one, times]) => [
        one.name,
        {
          bestMs: rounded(best(times)),
          medianMs: middle(times, 'shownMs'),
          nextFrameMs: middle(times, 'nextFrameMs'),
          longestTaskMs: middle(times, 'longestTaskMs'),
        },
      ]),
    ),
  };
}

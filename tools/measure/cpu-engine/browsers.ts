/** A tab of its own browser for each that is measured: nothing of another model is in its process. */
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { Firefox } from '../../../tests/e2e/browsers/firefox';
import type { RemoteBrowser } from '../../../tests/e2e/browsers/remote-tab';
import { WebKit } from '../../../tests/e2e/browsers/webkit';
import { chromiumFlags, findChromium, installedFirefox, installedWebKit } from '../../browser/find-browsers';

export interface MeasuredTab {
  navigate(url: string): Promise<void>;
  evaluate(expression: string): Promise<unknown>;
  /** Memory of the page's process, in bytes; null where it is not known which that is. */
  memoryBytes(): Promise<number | null>;
  close(): Promise<void>;
}

export type BrowserName = 'chromium' | 'firefox' | 'webkit';

export const hasBrowser = (name: BrowserName): boolean =>
  name === 'chromium' || (name === 'firefox' ? installedFirefox() : installedWebKit()) !== undefined;

export async function openTab(name: BrowserName): Promise<MeasuredTab> {
  if (name === 'chromium') return openChromium();
  const path = name === 'firefox' ? installedFirefox() : installedWebKit();
  if (path === undefined) throw new Error(`${name} is not installed`);
  const browser: RemoteBrowser = name === 'firefox' ? await Firefox.start(path) : await WebKit.start(path);
  try {
    const tab = await browser.newTab();
    return {
      navigate: (url) => tab.navigate(url),
      evaluate: (expression) => tab.evaluate(expression),
      memoryBytes: () => Promise.resolve(null),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function openChromium(): Promise<MeasuredTab> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const page = await browser.newPage();
  const session = await browser.newBrowserCDPSession();
  return {
    navigate: async (url) => void (await page.goto(url)),
    evaluate: (expression) => page.evaluate(expression),
    memoryBytes: async () => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentBytes(id));
      return sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    },
    close: () => browser.close(),
  };
}

/** By Linux's own count; null elsewhere. */
function residentBytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

/** A Chromium that can be killed like a crash kills it: nothing is flushed, nothing is told to the page. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { chromiumFlags, findChromium } from './find-browsers.ts';

/** A cold start on a busy machine. */
const startLimitMs = 30_000;

async function debuggerAddress({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error('Chromium was started without stderr');
  const timeout = AbortSignal.timeout(startLimitMs);
  for await (const line of createInterface({ input: stderr, signal: timeout })) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('Chromium did not tell its debugger address');
}

export class KillableChromium {
  private constructor(
    private readonly process: ChildProcess,
    private readonly browser: Browser,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  /** @param profile the folder of the profile; starting again with the same one finds what was stored */
  static async start(profile: string): Promise<KillableChromium> {
    const args = [
      ...chromiumFlags,
      '--headless',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ];
    // A process group of its own, so that the whole family can be killed at one blow, and nobody else.
    const child = spawn(findChromium(), args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const browser = await chromium.connectOverCDP(await debuggerAddress(child));
    // Unread, a full pipe would stop the browser.
    child.stderr?.resume();
    const context = browser.contexts()[0];
    const page = context?.pages()[0] ?? (await context?.newPage());
    if (!context || !page) throw new Error('Chromium has no page');
    return new KillableChromium(child, browser, context, page);
  }

  /** SIGKILL for the browser and all its processes. Resolves when it is gone. */
  async kill(): Promise<void> {
    const { pid } = this.process;
    if (pid === undefined || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, 'exit');
    process.kill(-pid, 'SIGKILL');
    await gone;
    await this.browser.close().catch(() => undefined);
  }
}

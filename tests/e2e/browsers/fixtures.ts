/**
 * Playwright's `browser`, `context` and `page`, in whichever browser a project names. What Playwright cannot drive (Firefox and
 * WebKit as people have them) is driven by their own protocols, behind the part of Playwright's interface that the specs use.
 */
import { writeFile } from 'node:fs/promises';
import { test as base, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { installedFirefox, installedWebKit } from '../../../tools/browser/find-browsers';
import { Firefox } from './firefox';
import { FrontDoor } from './front-door';
import { RemoteContext } from './remote-page';
import type { RemoteBrowser } from './remote-tab';
import { WebKit } from './webkit';

export type BrowserEngine = 'chromium' | 'firefox' | 'webkit';

export interface BrowserOptions {
  readonly engine: BrowserEngine;
}

interface WorkerParts extends BrowserOptions {
  /** Null for Chromium. */
  readonly remote: RemoteBrowser | null;
}

async function startRemote(engine: BrowserEngine): Promise<RemoteBrowser | null> {
  if (engine === 'chromium') return null;
  const path = engine === 'firefox' ? installedFirefox() : installedWebKit();
  if (path === undefined) throw new Error(`${engine} is not installed`);
  return engine === 'firefox' ? Firefox.start(path) : WebKit.start(path);
}

export const test = base.extend<object, WorkerParts>({
  engine: ['chromium', { option: true, scope: 'worker' }],
  remote: [
    async ({ engine }, use) => {
      const remote = await startRemote(engine);
      await use(remote);
      await remote?.close();
    },
    { scope: 'worker' },
  ],
  browser: [
    async ({ engine, playwright }, use) => {
      const browser = engine === 'chromium' ? await playwright.chromium.launch() : null;
      await use(browser as Browser);
      await browser?.close();
    },
    { scope: 'worker' },
  ],
  context: async ({ browser, remote, baseURL, serviceWorkers }, use, info) => {
    if (!remote) {
      const context = await browser.newContext();
      await use(context);
      await context.close();
      return;
    }
    const door = await FrontDoor.open({ behind: baseURL ?? '', serviceWorkers: serviceWorkers ?? 'allow' });
    const context = new RemoteContext(remote, door);
    await use(context as unknown as BrowserContext);
    if (info.status !== info.expectedStatus)
      for (const [index, picture] of (await context.screenshots()).entries()) {
        const path = info.outputPath(`tab-${index}.png`);
        await writeFile(path, picture);
        await info.attach('screenshot', { path, contentType: 'image/png' });
      }
    await context.close();
    await door.close();
  },
  page: async ({ context }, use) => {
    await use((await context.newPage()) as unknown as Page);
  },
});

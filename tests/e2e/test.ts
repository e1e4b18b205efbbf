/** Playwright's `test` with the app's page, and with eyes on what must never happen in any test. */
import type { BrowserContext } from '@playwright/test';
import { expect } from './browsers/expect';
import { test as base } from './browsers/fixtures';
import { SottoPage } from './sotto-page';

export class Watch {
  /** Console errors, uncaught exceptions, broken policies and requests to other hosts, in words. */
  complaints: string[] = [];

  /** For what a test itself brought about. */
  forgive(pattern: RegExp): void {
    this.complaints = this.complaints.filter((text) => !pattern.test(text));
  }
}

export async function watch(context: BrowserContext, watched: Watch): Promise<void> {
  await context.addInitScript(() => {
    // Under pressure a benchmark waits: what else runs on this machine must not decide whether a test passes.
    Reflect.deleteProperty(globalThis, 'PressureObserver');
    // Told on the console, so that it is heard even when the page goes away at once.
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
      console.error(`policy violated: ${violatedDirective} by ${blockedURI} in ${sourceFile}`),
    );
  });
  context.on('console', (message) => {
    if (message.type() === 'error') watched.complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) =>
    watched.complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`),
  );
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== 'localhost') watched.complaints.push(`request to ${request.url()}`);
  });
}

export const test = base.extend<{ sotto: SottoPage; watched: Watch }>({
  // Automatic: every test fails on a complaint that it did not forgive.
  watched: [
    async ({ context, remote }, use) => {
      const watched = new Watch();
      if (remote) remote.onComplaint = (text): void => void watched.complaints.push(text);
      else await watch(context, watched);
      await use(watched);
      expect(watched.complaints).toEqual([]);
    },
    { auto: true },
  ],
  sotto: async ({ page, watched: _ }, use) => {
    await use(new SottoPage(page));
  },
});

/** The title tag of specs that pass in every browser engine. */
export const everywhere = { tag: '@everywhere' };
/** The tag of specs that measure, or promise a time, or want all cores: `npm test` runs them with nothing beside them. */
export const alone = { tag: '@alone' };
export const everywhereAlone = { tag: [everywhere.tag, alone.tag] };

export { expect };

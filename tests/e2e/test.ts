/** Playwright's `test` with the app's page, and with eyes on what must never happen in any test. */
import { test as base, type BrowserContext } from '@playwright/test';
import { SottoPage } from './sotto-page';

interface Watch {
  /** Console errors, uncaught exceptions, broken policies and requests to other hosts, in words. */
  readonly complaints: string[];
}

/** Puts what goes wrong in any page of the context into `complaints`. */
export async function watch(context: BrowserContext, complaints: string[]): Promise<void> {
  await context.addInitScript(() => {
    // Told on the console, so that it is heard even when the page goes away at once.
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
      console.error(`policy violated: ${violatedDirective} by ${blockedURI} in ${sourceFile}`),
    );
  });
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== 'localhost') complaints.push(`request to ${request.url()}`);
  });
}

export const test = base.extend<{ sotto: SottoPage; watched: Watch }>({
  // Automatic: every test fails on a console error that it did not take out of `complaints` itself.
  watched: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      await watch(context, complaints);
      await use({ complaints });
      base.expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  sotto: async ({ page, watched: _ }, use) => {
    await use(new SottoPage(page));
  },
});

export { expect } from '@playwright/test';

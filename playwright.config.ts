/**
 * End-to-end tests: the built app in real browsers, one test at a time, because an engine wants all cores for itself; `npm test`
 * runs those that promise no time in pairs. All of them run in Chromium, and the main paths also in Firefox and in WebKit, where
 * these are installed.
 */
import { defineConfig } from '@playwright/test';
import { chromiumFlags, installedChromium, installedFirefox, installedWebKit } from './tools/browser/find-browsers.ts';
import type { BrowserOptions } from './tests/e2e/browsers/fixtures.ts';

// Another one lets two checkouts run their tests side by side.
const port = Number(process.env['SOTTO_TEST_PORT'] ?? 4273);
/** The hub and its CDN, for each of the tests that run at once. */
const hubs = [
  [port + 7, port + 8],
  [port + 9, port + 10],
] as const;
// The policy is written at build time: this build may also talk to the hub of the tests. It has a folder of its own, so that
// nobody deploys it by mistake. Set here, since the tests themselves read the policy, too.
process.env['SOTTO_WEIGHT_HOSTS'] = hubs
  .flat()
  .map((hubPort) => `http://localhost:${hubPort}`)
  .join(' ');
/** Set where the app has just been built for the tests. */
const isBuilt = process.env['SOTTO_TEST_IS_BUILT'] !== undefined;
const build = isBuilt ? '' : 'npx vite build --logLevel warn --outDir dist-test && ';
const ci = process.env['CI'] !== undefined;

const chromium = installedChromium();
const everywhere = /@everywhere/;
// One of each at a time: two that start at once may take the same display.
const firefox = { name: 'firefox', grep: everywhere, workers: 1, use: { engine: 'firefox' } } as const;
const webkit = { name: 'webkit', grep: everywhere, workers: 1, use: { engine: 'webkit' } } as const;

export default defineConfig<object, BrowserOptions>({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  workers: 1,
  // The run names every test that was tried again, with its reason: see tools/test-outcome.ts.
  retries: ci ? 2 : 0,
  forbidOnly: ci,
  // Chromium comes last: it may take both places, so that none is empty for long at the end.
  projects: [
    ...(installedWebKit() === undefined ? [] : [webkit]),
    ...(installedFirefox() === undefined ? [] : [firefox]),
    ...(chromium === undefined ? [] : [{ name: 'chromium' }]),
  ],
  reporter: 'list',
  // The real Guide answers in most of them, on whatever cores there are.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: `http://localhost:${port}`,
    browserName: 'chromium',
    // Every test would fetch, hash and store the copy for use without a network; those that are about it allow it.
    serviceWorkers: 'block',
    launchOptions: { ...(chromium !== undefined && { executablePath: chromium }), args: chromiumFlags },
    // Recording every test would make all of them slower; on CI, what fails is tried again.
    trace: ci ? 'on-first-retry' : 'retain-on-failure',
  },
  webServer: [
    {
      command: `${build}npx vite preview --port ${port} --strictPort --outDir dist-test`,
      port,
      // Never a server that happens to run: it may serve an older build.
      reuseExistingServer: false,
      timeout: 180_000,
    },
    ...hubs.map(([hubPort, cdnPort]) => ({
      command: `node tests/fixtures/hub/serve.mjs ${hubPort} ${cdnPort}`,
      port: hubPort,
      reuseExistingServer: false,
      timeout: 60_000,
    })),
  ],
});

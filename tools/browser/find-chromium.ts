/** Where the browser of the tests is: an installed one first, then Playwright's own download. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The path of a Chromium: `CHROMIUM_PATH`, else one on the PATH, else the one that `npx playwright install chromium` made.
 * @throws Error with the two ways to get one
 */
export function findChromium(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = [process.env['CHROMIUM_PATH'] ?? '', ...installed, chromium.executablePath()];
  const found = candidates.find((path) => path !== '' && isExecutable(path));
  if (found === undefined) {
    throw new Error(
      'No Chromium found. Install one (Debian: apt-get install chromium; elsewhere: npx playwright install chromium), or set CHROMIUM_PATH.',
    );
  }
  return found;
}

/** No sandbox, since tests may run as root in a container; and nothing that talks to the network on its own. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

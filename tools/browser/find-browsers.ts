/** Where the browsers of the tests are: installed ones first, then Playwright's own download of Chromium. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** A path that was set by hand goes first: whoever sets it wants that one. */
function named(variable: string): string | undefined {
  const path = process.env[variable] ?? '';
  return path !== '' && isExecutable(path) ? path : undefined;
}

/** `CHROMIUM_PATH`, else one on the PATH, else the one that `npx playwright install chromium` made; undefined where there is none. */
export const installedChromium = (): string | undefined =>
  named('CHROMIUM_PATH') ??
  onPath('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome') ??
  [chromium.executablePath()].find(isExecutable);

/** @throws Error with the two ways to get one */
export function findChromium(): string {
  const found = installedChromium();
  if (found === undefined) {
    throw new Error(
      'No Chromium found. Install one (Debian: apt-get install chromium; elsewhere: npx playwright install chromium), or set CHROMIUM_PATH.',
    );
  }
  return found;
}

/** `FIREFOX_PATH`, else one on the PATH; undefined where there is none. */
export const installedFirefox = (): string | undefined => named('FIREFOX_PATH') ?? onPath('firefox-esr', 'firefox');

/** Where distributions put what belongs to a library but is on nobody's PATH. */
const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/libexec', '/usr/lib'];

/**
 * The window around WebKitGTK that its driver opens, where all that it takes is installed: driver, window, and a display that
 * needs no screen. Undefined where something is missing, as on every system but Linux.
 */
export function installedWebKit(): string | undefined {
  if (onPath('WebKitWebDriver') === undefined || onPath('xvfb-run') === undefined) return undefined;
  return libraryFolders
    .flatMap((folder) => foldersIn(folder).map((name) => join(folder, name, 'MiniBrowser')))
    .find(isExecutable);
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith('webkit2gtk-'));
  } catch {
    return [];
  }
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

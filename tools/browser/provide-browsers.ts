/** Brings the browsers that the tests need to a machine that lacks them: from Debian's packages, or Playwright's own Chromium. */
import { spawnSync } from 'node:child_process';
import { installedChromium, installedFirefox, installedWebKit } from './find-browsers.ts';

export type BrowserName = 'Chromium' | 'Firefox' | 'WebKit';

interface Wanted {
  readonly name: BrowserName;
  readonly find: () => string | undefined;
  /** Debian's packages that make it up. */
  readonly packages: readonly string[];
}

const all: readonly Wanted[] = [
  { name: 'Chromium', find: installedChromium, packages: ['chromium'] },
  { name: 'Firefox', find: installedFirefox, packages: ['firefox-esr'] },
  // A display that needs no screen, since it has no headless mode.
  { name: 'WebKit', find: installedWebKit, packages: ['webkit2gtk-driver', 'xvfb', 'xauth'] },
];

const isMissing = ({ find }: Wanted): boolean => find() === undefined;

function succeeds(program: string, ...args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { stdio: 'inherit', env, shell: process.platform === 'win32' }).status === 0;
}

const isRoot = process.getuid?.() === 0;

function installFromDebian(missing: readonly Wanted[]): void {
  if (!isRoot || spawnSync('apt-get', ['--version']).status !== 0) return;
  succeeds('apt-get', 'update', '-qq');
  const install = (packages: readonly string[]): boolean =>
    succeeds('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages);
  // One by one where not all are to be had: distributions differ.
  if (!install(missing.flatMap(({ packages }) => packages))) for (const { packages } of missing) install(packages);
}

/** Installs what is missing, as far as it is to be had. @returns those that are still missing */
export function provideBrowsers(): readonly BrowserName[] {
  const missing = all.filter(isMissing);
  if (missing.length > 0) {
    console.log(`Installing what the tests need: ${missing.map(({ name }) => name).join(', ')} …`);
    installFromDebian(missing);
    // With what the system lacks for it, which only root can install.
    if (installedChromium() === undefined)
      succeeds('npx', 'playwright', 'install', ...(isRoot ? ['--with-deps'] : []), 'chromium');
  }
  return all.filter(isMissing).map(({ name }) => name);
}

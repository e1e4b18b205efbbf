// What `npm start` and `npm test` need before anything else: a Node that is new enough, and the packages of the lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

/** npm writes this file at the end of an install: older than the lock file, it says that something changed since. */
const installMark = 'node_modules/.package-lock.json';

const isInstalled = () =>
  existsSync(installMark) && statSync(installMark).mtimeMs >= statSync('package-lock.json').mtimeMs;

/** Installs what is missing, in the current folder. Ends the process with words where that cannot be done. */
export function installDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Sotto needs Node 20.19 or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  if (isInstalled()) return;
  console.log('Installing dependencies …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(
    'The packages that Sotto is built with are missing and could not be installed; npm says above why. The first start needs the npm registry, later ones need no network.',
  );
  process.exit(status ?? 1);
}

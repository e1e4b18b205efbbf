// `npm start`: installs what is missing, builds, serves with the app's headers, prints the URL. Needs only Node.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
process.chdir(root);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Sotto needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

// npm writes this file at the end of an install: older than the lock file, it says that something changed since.
const installMark = 'node_modules/.package-lock.json';
if (!existsSync(installMark) || statSync(installMark).mtimeMs < statSync('package-lock.json').mtimeMs) {
  console.log('Installing dependencies …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

const { build, preview } = await import('vite');
await build({ logLevel: 'warn' });
const server = await preview();
server.printUrls();

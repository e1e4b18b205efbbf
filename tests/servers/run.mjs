// `npm run test:servers`: a real native engine behind the routes of a model server, with the Guide, against the browser's own
// engine. Not part of `npm test`: it fetches a package with a binary of llama.cpp for this machine, some 85 MB on the disk.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
process.chdir(root);

const version = '3.22.1';
const builds = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};
const build = builds[`${process.platform}-${process.arch}`];
if (build === undefined) {
  console.error(`node-llama-cpp has no binary for ${process.platform} on ${process.arch}`);
  process.exit(2);
}

/** Fetched on demand beside the project's own, and not into its package.json: one binary, and no script of any package is run. */
const folder = join(root, 'node_modules/.cache/sotto-native', version);
if (!existsSync(join(folder, 'node_modules/@node-llama-cpp', build))) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const packages = [`node-llama-cpp@${version}`, `@node-llama-cpp/${build}@${version}`];
  const quiet = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...quiet, ...packages], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

const server = spawn(process.execPath, ['tests/servers/native-server.mjs', folder], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const origin = await new Promise((resolve, reject) => {
  server.stdout.once('data', (line) => resolve(String(line).trim()));
  server.once('exit', (code) => reject(new Error(`the native server ended with ${code}`)));
});
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--config', 'tests/servers/vitest.config.ts', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, SOTTO_NATIVE_SERVER: origin }, shell: process.platform === 'win32' },
);
server.kill();
process.exit(status ?? 1);

// `npm test`: everything CI checks, in the order in which a failure is found soonest. Installs what is missing, and says in one
// line what it could not get, and which tests it therefore leaves out. Ends with "N passed, N failed".
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './import-typescript.mjs';
import { installDependencies } from './install-dependencies.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
installDependencies();

const { provideBrowsers } = await importTypeScript('/tools/browser/provide-browsers.ts');
const missing = provideBrowsers();
const hasChromium = !missing.includes('Chromium');

const vitestReport = join(tmpdir(), `sotto-vitest-${process.pid}.json`);
const playwrightReport = join(tmpdir(), `sotto-playwright-${process.pid}.json`);

const { listed, playwrightOutcome, vitestOutcome } = await importTypeScript('/tools/test-outcome.ts');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

const endToEnd = (name, options, env = {}) => ({
  name,
  command: ['npx', 'playwright', 'test', '--reporter=list,json', ...options],
  env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
  outcome: () => playwrightOutcome(read(playwrightReport)),
});
const messages = { name: 'messages', command: ['node', 'tools/build/compile-messages.mjs'] };
const kernels = { name: 'kernels', command: ['node', 'tools/build/compile-kernels.mjs'] };
const checks = [
  { name: 'types (page)', command: ['npx', 'svelte-check', '--tsconfig', 'src/tsconfig.json', '--fail-on-warnings'] },
  { name: 'types (shared)', command: ['npx', 'tsc', '-p', 'src/shared'] },
  { name: 'types (workers)', command: ['npx', 'tsc', '-p', 'workers'] },
  { name: 'types (tests)', command: ['npx', 'tsc', '-p', 'tests'] },
  { name: 'lint', command: ['npx', 'eslint', '.', '--max-warnings', '0'] },
  { name: 'format', command: ['npx', 'prettier', '--check', '.', '--log-level', 'warn'] },
  { name: 'dead code', command: ['npx', 'knip'] },
];
const tests = [
  {
    name: hasChromium ? 'unit and browser tests' : 'unit tests',
    command: [
      'npx',
      'vitest',
      'run',
      ...(hasChromium ? [] : ['--project', 'unit']),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${vitestReport}`,
    ],
    outcome: () => vitestOutcome(read(vitestReport), process.cwd()),
  },
  // The end-to-end tests build the app themselves.
  ...(hasChromium ? [] : [{ name: 'build', command: ['npx', 'vite', 'build', '--logLevel', 'warn'] }]),
  endToEnd('end-to-end tests, in pairs', ['--workers=2', '--grep-invert=@alone']),
  endToEnd('end-to-end tests, one by one', ['--grep=@alone'], { SOTTO_TEST_IS_BUILT: 'yes' }),
];

let passed = 0;
const failures = [];
const unstable = [];

/** @returns the exit status. @param quiet holds the output back until the end, so that two that run at once do not mix theirs */
function run([program = '', ...args], env, quiet) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
    });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => output.push(data));
    const ended = (status) => resolve({ status, output: Buffer.concat(output).toString() });
    child.on('error', (error) => ended(error.message)).on('close', ended);
  });
}

async function take({ name, command, env = {}, outcome, quiet = false }) {
  if (!quiet) console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const { status, output } = await run(command, env, quiet);
  if (quiet) console.log(`\n── ${name}\n${output}`);
  let result = { passed: outcome || status !== 0 ? 0 : 1, failures: [], unstable: [] };
  try {
    if (outcome) result = outcome();
  } catch (error) {
    // The runner failed before it could write one.
    result.failures = [{ name, reason: `It ended with ${status} and left no report: ${error.message}` }];
  }
  passed += result.passed;
  failures.push(...result.failures);
  unstable.push(...result.unstable);
  // A step that failed counts as at least one failure, whatever its report says.
  if (status !== 0 && result.failures.length === 0)
    failures.push({ name, reason: `It ended with ${status}; its output above says why.\n${output}` });
  console.log(`   ${status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

await take(messages);
await take(kernels);
// What only reads the sources takes one core each.
const waiting = checks.map((check) => ({ ...check, quiet: true }));
const worker = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await take(next);
};
await Promise.all([worker(), worker()]);
for (const step of tests) await take(step);
rmSync(vitestReport, { force: true });
rmSync(playwrightReport, { force: true });
if (missing.length > 0) {
  const left = missing.map((name) => (name === 'Chromium' ? 'all browser tests' : `the end-to-end tests in ${name}`));
  console.log(`\nNot here, and not to be had: ${missing.join(', ')}. Left out: ${left.join(', ')}.`);
  // Somebody's own machine may lack one; the gate may not.
  if (process.env.CI !== undefined)
    failures.push(...missing.map((name) => ({ name, reason: 'It is missing, and the gate leaves nothing out.' })));
}
// Of a long output, CI shows the beginning and the end.
for (const line of listed('\nPassed only when tried again:', unstable, failures.length > 0 ? 16 : 50))
  console.log(line);
for (const line of listed('\nFailed:', failures, 38)) console.log(line);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

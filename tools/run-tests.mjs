// `npm test`: everything CI checks, in the order in which a failure is found soonest. Installs what is missing, and says in one
// line what it could not get, and which tests it therefore leaves out. Ends with "N passed, N failed".
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { installDependencies } from './install-dependencies.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
installDependencies();

// Node 20 does not read TypeScript; Vite, which is here by now, does.
const { runnerImport } = await import('vite');
const { provideBrowsers } = (await runnerImport('/tools/browser/provide-browsers.ts')).module;
const missing = provideBrowsers();
const hasChromium = !missing.includes('Chromium');

const vitestReport = join(tmpdir(), `sotto-vitest-${process.pid}.json`);
const playwrightReport = join(tmpdir(), `sotto-playwright-${process.pid}.json`);

/** Counts of a JSON report of Vitest; null when it was not written, because the runner itself failed. */
function vitestCounts() {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(vitestReport, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests };
}

/** Tests of a suite, and of those within it. */
const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)];

/** A test that passed only when it was tried again counts as failed, unless it can be said why it failed before. */
function playwrightCounts() {
  const { stats, suites } = JSON.parse(readFileSync(playwrightReport, 'utf8'));
  const unstable = suites.flatMap(specsOf).flatMap(({ file, title, tests: runs }) =>
    runs
      .filter(({ status }) => status === 'flaky')
      .map(({ projectName, results }) => ({
        name: `[${projectName}] ${file}: ${title}`,
        reason: results.find(({ status }) => status !== 'passed')?.error?.message,
      })),
  );
  for (const { name, reason = 'no reason was given, so it counts as failed' } of unstable)
    console.log(
      `\nPassed only when tried again: ${name}\n${stripVTControlCharacters(reason).split('\n').slice(0, 8).join('\n')}`,
    );
  const unexplained = unstable.filter(({ reason }) => reason === undefined).length;
  return { passed: stats.expected + stats.flaky - unexplained, failed: stats.unexpected + unexplained };
}

const one = () => ({ passed: 1, failed: 0 });
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
    counts: vitestCounts,
  },
  { name: 'build', command: ['npx', 'vite', 'build', '--logLevel', 'warn'] },
  {
    name: 'end-to-end tests',
    command: ['npx', 'playwright', 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
    counts: playwrightCounts,
  },
];

let passed = 0;
let failed = 0;

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

async function take({ name, command, env = {}, counts = one, quiet = false }) {
  if (!quiet) console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const { status, output } = await run(command, env, quiet);
  if (quiet) console.log(`\n── ${name}\n${output}`);
  let result = { passed: 0, failed: 1 };
  try {
    result = counts();
  } catch {
    // No report: the runner failed before it could write one.
  }
  // A step that failed counts as at least one failure, whatever its report says.
  if (status !== 0 && (counts === one || result.failed === 0))
    result = { passed: counts === one ? 0 : result.passed, failed: 1 };
  passed += result.passed;
  failed += result.failed;
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
  if (process.env.CI !== undefined) failed += missing.length;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

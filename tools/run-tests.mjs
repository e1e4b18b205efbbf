// `npm test`: everything CI checks, in the order in which a failure is found soonest. Ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));

const vitestReport = join(tmpdir(), `sotto-vitest-${process.pid}.json`);
const playwrightReport = join(tmpdir(), `sotto-playwright-${process.pid}.json`);

/** Counts of a JSON report of Vitest; null when it was not written, because the runner itself failed. */
function vitestCounts() {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(vitestReport, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests };
}

function playwrightCounts() {
  const { expected, flaky, unexpected } = JSON.parse(readFileSync(playwrightReport, 'utf8')).stats;
  return { passed: expected + flaky, failed: unexpected };
}

const one = () => ({ passed: 1, failed: 0 });
const steps = [
  { name: 'messages', command: ['node', 'tools/build/compile-messages.mjs'] },
  { name: 'types (page)', command: ['npx', 'svelte-check', '--tsconfig', 'src/tsconfig.json', '--fail-on-warnings'] },
  { name: 'types (workers)', command: ['npx', 'tsc', '-p', 'workers'] },
  { name: 'types (tests)', command: ['npx', 'tsc', '-p', 'tests'] },
  { name: 'lint', command: ['npx', 'eslint', '.', '--max-warnings', '0'] },
  { name: 'format', command: ['npx', 'prettier', '--check', '.', '--log-level', 'warn'] },
  { name: 'dead code', command: ['npx', 'knip'] },
  {
    name: 'unit and browser tests',
    command: ['npx', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
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
for (const { name, command, env = {}, counts = one } of steps) {
  console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const [program = '', ...args] = command;
  const { status } = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
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
rmSync(vitestReport, { force: true });
rmSync(playwrightReport, { force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Runs the tests of the benchmark and writes `tests/benchmark-validation.md`, which ships with the app. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { suiteVersion } from '../../../src/shared/domain/benchmark/suite';
import type { Row } from '../row';
import { checks, testFolders, type ValidationCheck } from './validation-plan';

const reportFile = 'tests/benchmark-validation.md';

interface TestOutcome {
  readonly name: string;
  readonly passed: boolean;
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

function runTests(): readonly TestOutcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-validation-'));
  const output = join(folder, 'report.json');
  spawnSync('npx', ['vitest', 'run', ...testFolders, '--reporter=json', `--outputFile=${output}`], {
    stdio: 'inherit',
  });
  const report = JSON.parse(readFileSync(output, 'utf8')) as VitestReport;
  rmSync(folder, { recursive: true });
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      name: [relative('.', name), ...ancestorTitles, title].join(' › '),
      passed: status === 'passed',
    })),
  );
}

function keptRows(): readonly (Row & { measuredAt: string })[] {
  const file = 'tests/measurements.json';
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as { rows: (Row & { measuredAt: string })[] }).rows;
}

function lineOf(
  check: ValidationCheck,
  tests: readonly TestOutcome[],
  rows: readonly Row[],
): { text: string; green: boolean } {
  const own = tests.filter(({ name }) => check.tests.some((pattern) => pattern.test(name)));
  const failed = own.filter(({ passed }) => !passed);
  const measured = rows.filter(({ quantity }) => check.rows !== undefined && quantity.startsWith(check.rows));
  const counted = own.length > 0 ? `${own.length - failed.length} of ${own.length} tests` : '';
  const figures = measured.map(
    ({ quantity, measured: value }) => `${quantity.replace(/^benchmark V\d+( \(a\))?: /, '')}: ${value}`,
  );
  const outcome = [counted, ...figures].filter(Boolean).join('; ') || 'not run';
  const green = failed.length === 0 && measured.every(({ met }) => met) && own.length + measured.length > 0;
  const mark = outcome === 'not run' ? '–' : green ? 'pass' : 'FAIL';
  return {
    text: `| ${check.id} | ${check.what} | ${check.passes} | ${mark} | ${outcome} | ${check.open ?? ''} |`,
    green: green || mark === '–',
  };
}

/** @returns whether every check that could be made here passed */
export function writeReport(machine: Record<string, unknown>): boolean {
  const tests = runTests();
  const rows = keptRows();
  const lines = checks.map((check) => lineOf(check, tests, rows));
  const unmatched = tests.filter(
    ({ name, passed }) => !passed && !checks.some((check) => check.tests.some((pattern) => pattern.test(name))),
  );
  const measured = rows.filter(({ quantity }) => quantity.startsWith('benchmark '));
  const text = `# How the benchmark itself was validated

Suite ${suiteVersion}. Written by \`npm run measure -- benchmark-report\` on ${new Date().toISOString().slice(0, 10)}: ${machine['cores']} cores of ${machine['processor']},
${machine['browser']}. No GPU: what needs one is marked as not run. The numbers are those of the definition (docs/benchmark.md).

| check | what | passes with | outcome | seen | not shown |
| --- | --- | --- | --- | --- | --- |
${lines.map(({ text: line }) => line).join('\n')}

## Measured

| quantity | target | measured | n | conditions |
| --- | --- | --- | --- | --- |
${measured.map(({ quantity, target, measured: value, samples, conditions }) => `| ${quantity} | ${target} | ${value} | ${samples.length} | ${conditions} |`).join('\n')}

The machine was shared with other work while this was measured: ratios of interleaved samples hold, speeds do not.
`;
  writeFileSync(reportFile, text);
  for (const { name } of unmatched) console.log(`failed, and part of no check: ${name}`);
  return lines.every(({ green }) => green) && unmatched.length === 0;
}

import { describe, expect, it } from 'vitest';
import {
  listed,
  playwrightOutcome,
  vitestOutcome,
  type PlaywrightReport,
  type VitestReport,
} from '../../tools/test-outcome';

const file = (
  name: string,
  tests: readonly (readonly [name: string, status: string, ...reasons: string[]])[],
  message = '',
): VitestReport['testResults'][number] => ({
  name: `/sotto/tests/${name}`,
  status: message !== '' || tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
  message,
  assertionResults: tests.map(([fullName, status, ...failureMessages]) => ({ fullName, status, failureMessages })),
});

const result = (status: string, message?: string) => ({ status, ...(message !== undefined && { error: { message } }) });

const playwrightReport = (
  tests: readonly { readonly title: string; readonly status: string; readonly results: ReturnType<typeof result>[] }[],
): PlaywrightReport => ({
  stats: { expected: 3, flaky: tests.filter(({ status }) => status === 'flaky').length },
  suites: [
    {
      suites: [
        {
          specs: tests.map(({ title, status, results }) => ({
            file: 'chat.spec.ts',
            title,
            tests: [{ projectName: 'firefox', status, results }],
          })),
        },
      ],
    },
  ],
});

describe('the outcome of a run', () => {
  it('of Vitest names what failed, with its file and the reason', () => {
    const report: VitestReport = {
      numPassedTests: 1,
      testResults: [
        file('a.test.ts', [
          ['adds', 'passed'],
          ['subtracts', 'failed', 'expected 1 to be 2'],
        ]),
      ],
    };
    expect(vitestOutcome(report, '/sotto')).toEqual({
      passed: 1,
      failures: [{ name: 'tests/a.test.ts: subtracts', reason: 'expected 1 to be 2' }],
      unstable: [],
    });
  });

  it('of Vitest counts a file that cannot be loaded, though it has no tests', () => {
    const report = { numPassedTests: 0, testResults: [file('a.test.ts', [], 'no such module')] };
    expect(vitestOutcome(report, '/sotto').failures).toEqual([{ name: 'tests/a.test.ts', reason: 'no such module' }]);
  });

  it('of Vitest tells what passed only when it was tried again', () => {
    const report = { numPassedTests: 1, testResults: [file('a.test.ts', [['adds', 'passed', 'too slow']])] };
    expect(vitestOutcome(report, '/sotto')).toEqual({
      passed: 1,
      failures: [],
      unstable: [{ name: 'tests/a.test.ts: adds', reason: 'too slow' }],
    });
  });

  it('of Playwright names what failed, in which browser, and what passed only when it was tried again', () => {
    const outcome = playwrightOutcome(
      playwrightReport([
        { title: 'sends', status: 'unexpected', results: [result('failed', 'not sent')] },
        { title: 'stops', status: 'flaky', results: [result('timedOut', 'not stopped'), result('passed')] },
      ]),
    );
    expect(outcome).toEqual({
      passed: 4,
      failures: [expect.objectContaining({ name: '[firefox] chat.spec.ts: sends', reason: 'not sent' })],
      unstable: [expect.objectContaining({ name: '[firefox] chat.spec.ts: stops', reason: 'not stopped' })],
    });
  });

  it('of Playwright counts a second try as failed where nothing says why the first failed', () => {
    const outcome = playwrightOutcome(
      playwrightReport([{ title: 'stops', status: 'flaky', results: [result('interrupted'), result('passed')] }]),
    );
    expect(outcome.passed).toBe(3);
    expect(outcome.failures.map(({ name }) => name)).toEqual(['[firefox] chat.spec.ts: stops']);
    expect(outcome.unstable).toEqual([]);
  });

  it('of Playwright counts what belongs to no test, such as a server that does not start', () => {
    const outcome = playwrightOutcome({ ...playwrightReport([]), errors: [{ message: 'the port is taken' }] });
    expect(outcome.failures).toEqual([{ name: 'end-to-end tests', reason: 'the port is taken' }]);
  });
});

describe('the list at the end of a run', () => {
  const findings = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `test ${index + 1}`,
      reason: Array.from({ length: 30 }, (__, line) => `\u001B[31mline ${line + 1}\u001B[39m\n`).join(''),
    }));

  it('is empty where there is nothing to tell', () => {
    expect(listed('Failed:', [], 38)).toEqual([]);
  });

  it('has the first lines of the reason under the name, without colors and empty lines', () => {
    expect(listed('Failed:', findings(1), 38).slice(0, 4)).toEqual(['Failed:', '  test 1', '    line 1', '    line 2']);
  });

  it.each([1, 2, 3, 12, 35, 36, 37, 500])('fits into its room with %d findings, the names first', (count) => {
    const lines = listed('Failed:', findings(count), 38);
    expect(lines.length).toBeLessThanOrEqual(38);
    for (let index = 1; index <= Math.min(count, 36); index += 1) expect(lines).toContain(`  test ${index}`);
    if (count > 36) expect(lines.at(-1)).toBe(`  and ${count - 36} more`);
  });
});

/** What the reports of Vitest and of Playwright say, in the few words that the end of a run has room for. */
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** A test by name, and what it failed with; the reason is undefined where the report gives none. */
export interface Finding {
  readonly name: string;
  readonly reason: string | undefined;
}

export interface Outcome {
  readonly passed: number;
  readonly failures: readonly Finding[];
  /** Passed only when they were tried again. */
  readonly unstable: readonly Finding[];
}

/** As far as it is read here (`vitest --reporter=json`). */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

interface PlaywrightSpec {
  readonly file: string;
  readonly title: string;
  readonly tests: readonly {
    readonly projectName: string;
    readonly status: string;
    readonly results: readonly { readonly status: string; readonly error?: { readonly message?: string } }[];
  }[];
}

interface PlaywrightSuite {
  readonly specs?: readonly PlaywrightSpec[];
  readonly suites?: readonly PlaywrightSuite[];
}

/** As far as it is read here (`playwright test --reporter=json`). */
export interface PlaywrightReport extends PlaywrightSuite {
  readonly stats: { readonly expected: number; readonly flaky: number };
  /** Of no test, such as a server that does not start. */
  readonly errors?: readonly { readonly message?: string }[];
}

/** A test that passed only when it was tried again counts as failed, unless it can be said why it failed before. */
function counted(passed: number, failures: readonly Finding[], retried: readonly Finding[]): Outcome {
  const unexplained = retried.filter(({ reason }) => reason === undefined);
  return {
    passed: passed - unexplained.length,
    failures: [
      ...failures,
      ...unexplained.map(({ name }) => ({ name, reason: 'Passed only when tried again, and nothing says why.' })),
    ],
    unstable: retried.filter(({ reason }) => reason !== undefined),
  };
}

export function vitestOutcome({ numPassedTests, testResults }: VitestReport, folder: string): Outcome {
  const failures: Finding[] = [];
  const retried: Finding[] = [];
  for (const { name: path, status: fileStatus, message, assertionResults } of testResults) {
    const file = relative(folder, path);
    const failedBefore = failures.length;
    for (const { status, fullName, failureMessages } of assertionResults) {
      const finding = { name: `${file}: ${fullName}`, reason: failureMessages[0] };
      if (status === 'failed') failures.push(finding);
      // What failed the first time leaves its errors at a test that passed.
      else if (status === 'passed' && failureMessages.length > 0) retried.push(finding);
    }
    // A file that cannot be loaded has no tests.
    if (fileStatus === 'failed' && failures.length === failedBefore) failures.push({ name: file, reason: message });
  }
  return counted(numPassedTests, failures, retried);
}

const specsOf = ({ specs = [], suites = [] }: PlaywrightSuite): readonly PlaywrightSpec[] => [
  ...specs,
  ...suites.flatMap(specsOf),
];

export function playwrightOutcome(report: PlaywrightReport): Outcome {
  const runs = specsOf(report).flatMap(({ file, title, tests }) =>
    tests.map(({ projectName, status, results }) => ({
      status,
      name: `[${projectName}] ${file}: ${title}`,
      reason: results.find((result) => result.status !== 'passed')?.error?.message,
    })),
  );
  const ofNoTest = (report.errors ?? []).map(({ message }) => ({ name: 'end-to-end tests', reason: message }));
  return counted(
    report.stats.expected + report.stats.flaky,
    [...runs.filter(({ status }) => status === 'unexpected'), ...ofNoTest],
    runs.filter(({ status }) => status === 'flaky'),
  );
}

/** Lines that say most: without those that are empty. */
const firstLines = (reason: string, count: number): string[] =>
  stripVTControlCharacters(reason)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, count)
    .map((line) => `    ${line.trim().slice(0, 200)}`);

/**
 * The findings under a heading, each with as many lines of its reason as there is room for, the names before all else.
 * @param room lines that it may have in all, heading included
 */
export function listed(heading: string, findings: readonly Finding[], room: number): string[] {
  if (findings.length === 0) return [];
  // One line is the heading, one may have to say how many more there are.
  const shown = findings.slice(0, Math.max(1, room - 2));
  const reasonLines = Math.min(8, Math.floor((room - 2) / shown.length) - 1);
  const more = findings.length - shown.length;
  return [
    heading,
    ...shown.flatMap(({ name, reason = '' }) => [`  ${name}`, ...firstLines(reason, Math.max(0, reasonLines))]),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

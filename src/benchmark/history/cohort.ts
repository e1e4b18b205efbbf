/** Which results may be compared at all, and how much this device differs by itself. */
import { differenceBetweenSessions, sessionSpread, type DeviceClass, type Difference } from '../statistics/comparison';
import type { BenchmarkResult, ResultTest } from '../statistics/result';
import { validRates } from '../statistics/test-summary';

const major = (suite: string): string => suite.split('.')[0] ?? '';

/** Results with the same text measured the same thing, in the same way, on the same device. */
export function cohortOf({ suite, model, engine, device }: BenchmarkResult, test: ResultTest): string {
  return [
    major(suite),
    test.name,
    model.sha256 || model.id,
    engine.name,
    engine.version,
    engine.backend_effective,
    engine.threads,
    engine.async,
    device.gpu?.f16 ?? false,
    device.browser_major,
    device.local_id,
  ].join('|');
}

/** A battery is what tells a laptop from a desktop; browsers that do not tell of one leave it at the more careful guess. */
export function deviceClassOf({ device, env }: BenchmarkResult): DeviceClass {
  if (device.mobile) return 'phone';
  const onMains = env.battery?.charging === true && env.battery.level0 === 1;
  return onMains ? 'desktop' : 'laptop';
}

export interface ComparedTest {
  readonly name: string;
  readonly first: ResultTest;
  readonly second: ResultTest;
  /** Null where there are too few repetitions. */
  readonly difference: Difference | null;
}

export interface Comparison {
  /** Only side by side: their definitions differ. */
  readonly sameDefinition: boolean;
  readonly tests: readonly ComparedTest[];
}

/** @param history all results of this device, to learn from */
export function compareResults(
  first: BenchmarkResult,
  second: BenchmarkResult,
  history: readonly BenchmarkResult[],
): Comparison {
  const sameDefinition = major(first.suite) === major(second.suite);
  const tests = second.tests.flatMap((test): ComparedTest[] => {
    const other = first.tests.find(({ name }) => name === test.name);
    if (!other || other.median_ts === null || test.median_ts === null) return [];
    const spread = sessionSpread(deviceClassOf(second), mediansLike(history, second, test));
    const difference = sameDefinition
      ? differenceBetweenSessions(validRates(other.reps), validRates(test.reps), spread)
      : null;
    return [{ name: test.name, first: other, second: test, difference }];
  });
  return { sameDefinition, tests };
}

/** One for each session that measured the same thing here. */
function mediansLike(history: readonly BenchmarkResult[], result: BenchmarkResult, test: ResultTest): number[] {
  const cohort = cohortOf(result, test);
  return history.flatMap((past) =>
    past.tests.flatMap((other) =>
      cohortOf(past, other) === cohort && other.median_ts !== null ? [other.median_ts] : [],
    ),
  );
}

/** Results in our own layout, out and in. What comes in was written by anybody. */
import * as v from 'valibot';
import { cutText } from '../../shared/domain/cut-text';
import { FailureError } from '../../shared/protocol/failure';
import { byWeight, letterFor, type GradeReason } from '../../shared/domain/benchmark/reasons';
import { resultLayout, type BenchmarkResult } from '../statistics/result';
import { schemaMajor, schemaName } from '../../shared/domain/benchmark/suite';
import { rateFigures } from '../statistics/test-summary';
import { gradeResult } from '../result/grade-result';
import { resultHash, withHash } from './result-hash';

/** What is taken over of a stranger's result, and whether it is still as it was made. */
export interface ReadResult {
  readonly result: BenchmarkResult;
  readonly untouched: boolean;
}

/** For a file: everything but the name that this device made up for itself. */
export function forFile(result: BenchmarkResult, label = result.device.label_user): Promise<BenchmarkResult> {
  return withHash({ ...result, device: { ...result.device, local_id: '', label_user: label } });
}

export const ownJson = (result: BenchmarkResult): string => `${JSON.stringify(result, null, 2)}\n`;

/** Only what the shapes of the figures themselves say; a file cannot make itself better than its repetitions are. */
const certain: ReadonlySet<GradeReason> = new Set([
  'nothing-valid',
  'very-wide-interval',
  'wide-interval',
  'few-repetitions',
  'wrong-answer',
  'not-isolated',
  'software-gpu',
  'other-backend',
  'timer-very-coarse',
  'timer-coarse',
  'faster-than-possible',
]);

/**
 * A result out of parsed JSON.
 * @throws FailureError `result-newer` for a layout of another major version, `result-unreadable` for anything else
 */
export const readOwnResult = (data: unknown): Promise<ReadResult> => judged(checkedResult(data));

/**
 * What the layout lets through of unknown data: what it names, and nothing else, so that nothing strange gets any further.
 * @throws FailureError as `readOwnResult`
 */
export function checkedResult(data: unknown): BenchmarkResult {
  checkVersion(data);
  const read = v.safeParse(resultLayout, data, { abortEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  // It quotes what it found, which may be long.
  const technical = cutText(`${v.getDotPath(issue) ?? 'the result'}: ${issue.message}`, 200);
  throw new FailureError({ kind: 'result-unreadable', technical });
}

/** With the figures that follow from its repetitions, whatever it says they are, and no better grade than those allow. */
export async function judged(read: BenchmarkResult): Promise<ReadResult> {
  const untouched = (await resultHash(read)) === read.hash;
  const tests = read.tests.map((test) => ({ ...test, ...rateFigures(test.reps) }));
  const told = { ...read, tests };
  const found = gradeResult(told, { busyAtStart: false, modelDeleted: false }).reasons.filter((reason) =>
    certain.has(reason),
  );
  const reasons = byWeight([...new Set([...read.grade.reasons, ...found])]);
  return { result: { ...told, grade: { letter: letterFor(reasons), reasons } }, untouched };
}

const namedSchema = (data: unknown): string | null => {
  const named: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'schema') : null;
  return typeof named === 'string' && named.startsWith(`${schemaName}/`) ? named.slice(0, 60) : null;
};

export const isOwnResult = (data: unknown): boolean => namedSchema(data) !== null;

function checkVersion(data: unknown): void {
  const named = namedSchema(data);
  if (named === null) throw new FailureError({ kind: 'result-unreadable', technical: `not ${schemaName}` });
  const major = Number(/\/(\d{1,6})\./.exec(named)?.[1] ?? Number.NaN);
  if (major > schemaMajor) throw new FailureError({ kind: 'result-newer', technical: named, subject: named });
}

/** Puts a result together from everything that was told and seen. The same for a run that came to its end and one that did not. */
import type { BenchmarkResult, ResultTest } from '../statistics/result';
import { leastTokens, recoveryMs } from '../../shared/domain/benchmark/profiles';
import { schemaVersion, suiteVersion } from '../../shared/domain/benchmark/suite';
import { testName, type TestShape } from '../../shared/domain/benchmark/shapes';
import { summarizeTest } from '../statistics/test-summary';
import { tokenIntervals } from '../../shared/domain/benchmark/token-times';
import { timesOf } from '../../shared/domain/benchmark/validity';
import type { RawRep } from '../../shared/protocol/benchmark';
import { median } from '../../shared/domain/benchmark/statistics';
import { withHash } from '../formats/result-hash';
import { describeDevice, describeEnd, describeEngine, describeEnvironment, describeModel } from './describe';
import { gradeResult } from './grade-result';
import { prefillFigures, resultCeiling, withLimits } from './limits';
import { repResult, type RunContext } from './rep-results';
import type { RunFacts } from './run-facts';
import type { RunRecord } from './run-record';
import { sustainedFigures } from './sustained-figures';

export async function assembleResult(facts: RunFacts): Promise<BenchmarkResult> {
  const { record, loaded, observations } = facts;
  const ceiling = record.ceiling && resultCeiling(record.ceiling, loaded);
  const tests = withLimits(await testsOf(facts), ceiling, loaded, record.dispatchesPerToken);
  const { answer } = record;
  const result: Omit<BenchmarkResult, 'grade' | 'hash'> = {
    schema: schemaVersion,
    suite: suiteVersion,
    profile: facts.profile,
    id: facts.id,
    started: new Date(facts.startedOn).toISOString(),
    seconds: Math.round(facts.endedAt - facts.startedAt) / 1000,
    ended: describeEnd(facts.ended),
    app: facts.app,
    engine: describeEngine(loaded, facts.device),
    model: describeModel(facts.model, loaded.accounting),
    device: describeDevice(facts),
    env: describeEnvironment(facts),
    ceiling,
    tests,
    prefill: prefillFigures(tests, ceiling, loaded.accounting?.activeParameters ?? null),
    chat: facts.chat,
    load: { ...facts.load, compile_ms: compileMs(record.reps), cache_read_mbs: cacheRead(record) },
    memory: {
      gpu_peak_mib: record.gpuPeakBytes === null ? null : record.gpuPeakBytes / 1024 ** 2,
      muasm_mib: facts.muasmMib,
    },
    sustained: sustainedOf(facts),
    energy: energyOf(facts),
    correctness: answer && { golden: answer.id, prefix_match: answer.matched, of: answer.of, pass: answer.right },
  };
  return withHash({ ...result, grade: gradeResult(result, observations) });
}

async function testsOf(facts: RunFacts): Promise<ResultTest[]> {
  const { record } = facts;
  const counted = record.reps.filter(({ warmUp }) => !warmUp);
  const context: RunContext = {
    workerZero: facts.workerZero,
    startedAt: facts.startedAt,
    disturbances: facts.observations.disturbances,
    usualCanaryMs: Math.min(...record.reps.map(({ canaryMs }) => canaryMs)),
    arrivalRate: (order) => record.arrivalRate(order),
  };
  const shapes = new Map<string, TestShape>();
  for (const { shape } of [...counted, ...record.skipped]) shapes.set(testName(shape), shape);
  const tests: ResultTest[] = [];
  for (const [name, shape] of [...shapes].sort(([, a], [, b]) => place(a) - place(b))) {
    const own = counted.filter((rep) => testName(rep.shape) === name);
    const reps = await Promise.all(own.map((rep) => repResult(rep, context)));
    const valid = own.filter((_, index) => reps[index]?.valid);
    tests.push(
      summarizeTest({
        shape: exactShape(shape, valid),
        depthActual: shape.kind === 'tg' ? (valid[0]?.promptTokens ?? null) : null,
        reps,
        warmUps: record.reps.filter((rep) => warms(rep, shape)).length,
        intervals: valid.flatMap((rep) => tokenIntervals(timesOf(rep))),
        timerMs: record.resolutionMs ?? Infinity,
        skipped: record.skipped.find((skip) => testName(skip.shape) === name)?.reason ?? null,
      }),
    );
  }
  return tests;
}

/** Reading first, by length; then writing, by depth. */
const place = ({ kind, tokens, depth }: TestShape): number => (kind === 'pp' ? tokens : 1e9 + depth);

/** The first of all are only to learn what the others will take. */
const warms = (rep: RawRep, { kind, depth }: TestShape): boolean =>
  rep.warmUp && rep.shape.kind === kind && rep.shape.depth === depth && rep.shape.tokens >= leastTokens;

/** A prompt that took another number of tokens than asked for is another test, and named so. */
function exactShape(shape: TestShape, [first]: readonly RawRep[]): TestShape {
  if (shape.kind === 'tg' || !first || first.promptTokens === null) return shape;
  return { ...shape, tokens: first.promptTokens };
}

/** The first request of all, less the same request again. */
function compileMs(reps: readonly RawRep[]): number | null {
  const [cold, warm] = reps.filter(({ warmUp, shape }) => warmUp && shape.kind === 'pp');
  if (!cold || !warm || testName(cold.shape) !== testName(warm.shape)) return null;
  return Math.max(0, cold.endedAt - cold.requestedAt - (warm.endedAt - warm.requestedAt));
}

const cacheRead = ({ weightsRead }: RunRecord): number[] =>
  weightsRead ? weightsRead.milliseconds.map((milliseconds) => weightsRead.bytes / milliseconds / 1000) : [];

function sustainedOf({ record, sustainedMinutes, ended }: RunFacts): BenchmarkResult['sustained'] {
  if (sustainedMinutes === null) return null;
  const counted = record.reps.filter(({ warmUp }) => !warmUp);
  const rested = ended.how === 'finished' ? afterRest(counted) : undefined;
  const reps = counted.filter((rep) => rep !== rested && rep.causes.length === 0);
  const start = reps[0]?.requestedAt;
  if (start === undefined) return null;
  const segments = reps.map(({ stamps }) => ({ stamps: stamps.map((stamp) => stamp - start) }));
  const intervals = rested?.causes.length === 0 ? tokenIntervals(timesOf(rested)) : [];
  return sustainedFigures(segments, sustainedMinutes, intervals.length > 0 ? 1000 / median(intervals) : null);
}

/** The last segment, if it came after the rest: a run that ended in invalid segments has none. */
function afterRest(reps: readonly RawRep[]): RawRep | undefined {
  const [before, last] = reps.slice(-2);
  // A timer may be a little early.
  return before && last && last.requestedAt - before.endedAt > 0.9 * recoveryMs ? last : undefined;
}

/** Tokens for each percent of the battery, where enough of it was used to tell. */
function energyOf({ observations: { battery }, record }: RunFacts): BenchmarkResult['energy'] {
  if (!battery || battery.charging) return null;
  const percent = (battery.before - battery.after) * 100;
  if (percent < 3) return null;
  const tokens = record.reps.reduce((sum, { generated }) => sum + generated, 0);
  return { percent, tokens, tokens_per_percent: tokens / percent };
}

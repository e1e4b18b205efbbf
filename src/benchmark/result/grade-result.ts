/** How far a result can be trusted, and why no further. A grade of trust, not of speed. */
import { clockDifference, clockLimits } from '../../shared/domain/benchmark/engine-clock';
import { byWeight, letterFor, type GradeReason, type RepTag } from '../../shared/domain/benchmark/reasons';
import { headlineAmong, precision, profiles } from '../../shared/domain/benchmark/profiles';
import type { BenchmarkResult, ResultTest } from '../statistics/result';
import { shapeOf } from '../../shared/domain/benchmark/shapes';
import { precisionOf, validRates } from '../statistics/test-summary';
import { median } from '../../shared/domain/benchmark/statistics';

export interface GradeContext {
  readonly busyAtStart: boolean;
  readonly modelDeleted: boolean;
}

type Ungraded = Omit<BenchmarkResult, 'grade' | 'hash'>;

/** Share of repetitions from which on something spoils the run and not just them. */
const manyShare = 0.2;

export function gradeResult(result: Ungraded, context: GradeContext): BenchmarkResult['grade'] {
  const reasons = byWeight([
    ...ofProfile(result),
    ...ofDevice(result),
    ...ofTests(result),
    ...ofEngine(result),
    ...(context.busyAtStart ? (['busy-at-start'] as const) : []),
    ...(context.modelDeleted ? (['model-deleted'] as const) : []),
  ]);
  return { letter: letterFor(reasons), reasons };
}

function ofProfile({ profile, ended }: Ungraded): GradeReason[] {
  const reasons: GradeReason[] = [];
  if (profile !== 'standard') reasons.push(`${profile}-profile`);
  if (ended.how !== 'finished') reasons.push(ended.how);
  return reasons;
}

function ofDevice({ device, env, engine }: Ungraded): GradeReason[] {
  const reasons: GradeReason[] = [];
  const { battery, raf_ms: frameMs } = env;
  // A phone is meant to run on its battery; that it did is told with the conditions.
  if (battery && !battery.charging && !device.mobile) reasons.push('on-battery');
  if (battery && !battery.charging && battery.level0 < 0.2) reasons.push('battery-low');
  // 30 frames a second where 60 are usual: the browser or the system saves power.
  if (frameMs !== null && frameMs > 30 && frameMs < 37) reasons.push('power-saver');
  if (device.timer_res_ms > 1) reasons.push('timer-very-coarse');
  else if (device.timer_res_ms > 0.11) reasons.push('timer-coarse');
  if (!device.coi) reasons.push('not-isolated');
  if (engine.backend_effective === 'webgpu-software') reasons.push('software-gpu');
  else if (engine.backend_effective !== engine.backend_requested) reasons.push('other-backend');
  return reasons;
}

function ofTests(result: Ungraded): GradeReason[] {
  const reasons: GradeReason[] = [];
  const { tests, profile, env } = result;
  const measured = tests.filter(({ reps }) => validRates(reps).length > 0);
  if (measured.length === 0) return ['nothing-valid'];
  const headline = headlineTests(result);
  const sustained = profile === 'sustained';
  const least = profile === 'standard' ? profiles.standard.repetitions.least : 3;
  const widths = headline.map(({ reps }) => precisionOf(reps) ?? Infinity);
  if (headline.some(({ reps }) => validRates(reps).length < least)) reasons.push('few-repetitions');
  const widest = Math.max(...widths);
  if (widest > 0.07) reasons.push('very-wide-interval');
  else if (widest > precision) reasons.push('wide-interval');
  const reps = tests.flatMap((test) => test.reps);
  const share = (tag: RepTag): number => reps.filter(({ tags }) => tags.includes(tag)).length / reps.length;
  if (reps.filter(({ valid }) => !valid).length > manyShare * reps.length) reasons.push('invalid-repetitions');
  if (share('unfocused') > 0) reasons.push('unfocused');
  if (share('stall') > 0) reasons.push('stalls');
  if (share('count-mismatch') > 0) reasons.push('count-mismatch');
  if (!sustained) {
    // In a sustained run these are what is looked for.
    if (share('pressure') > manyShare) reasons.push('pressure');
    if (share('contention') > manyShare) reasons.push('contention');
    if (headline.some(({ drift }) => drift && Math.abs(drift.change) > 0.05 && drift.p < 0.1)) reasons.push('drift');
    if (isThrottled(env.canary_read)) reasons.push('throttled');
  }
  if (tests.some(({ mbu }) => mbu !== null && mbu > 1.05)) reasons.push('faster-than-possible');
  if ((result.ceiling?.flags.length ?? 0) > 0) reasons.push('limit-uncertain');
  return reasons;
}

function ofEngine({ correctness, tests }: Ungraded): GradeReason[] {
  const reasons: GradeReason[] = [];
  if (!correctness) reasons.push('answer-unchecked');
  else if (!correctness.pass) reasons.push('wrong-answer');
  const differences = tests.flatMap((test) => {
    const own = test.reps.flatMap((rep) => (rep.valid ? (difference(test, rep) ?? []) : []));
    return own.length > 0 ? [Math.abs(median(own))] : [];
  });
  if (differences.length === 0) reasons.push('engine-unchecked');
  else if (Math.max(...differences) > clockLimits.much) reasons.push('engine-disagrees-much');
  else if (Math.max(...differences) > clockLimits.noted) reasons.push('engine-disagrees');
  return reasons;
}

function difference({ kind }: ResultTest, { engine, ns, n }: ResultTest['reps'][number]): number | null {
  if (!engine) return null;
  const theirs =
    kind === 'pp'
      ? { tokens: engine.prompt_n, milliseconds: engine.prompt_ms }
      : { tokens: engine.intervals, milliseconds: engine.predicted_ms };
  return clockDifference({ tokens: n, milliseconds: ns / 1e6 }, theirs);
}

/** The tests by which a profile is judged; all of them where none of those was made. */
export function headlineTests({ tests, profile }: Pick<BenchmarkResult, 'tests' | 'profile'>): readonly ResultTest[] {
  const made = tests.filter(({ median_ts }) => median_ts !== null);
  if (profile === 'comparison') return made;
  return headlineAmong(made, ({ name }) => shapeOf(name), profiles[profile]);
}

/** The last short reads of memory against the first ones. */
function isThrottled(samples: readonly number[]): boolean {
  if (samples.length < 4) return false;
  return median(samples.slice(-2)) / median(samples.slice(0, 2)) < 0.95;
}

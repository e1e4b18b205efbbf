/**
 * Every test once in each round, and every round in the opposite order of the one before: whatever drifts in the course of a
 * run, heat above all, then weighs on all tests alike (A B B A).
 */
import { fewestRepetitions } from '../../src/shared/domain/benchmark/duration';
import { headlineAmong, mostReruns, precision } from '../../src/shared/domain/benchmark/profiles';
import type { BenchmarkPlan, Extension, RawRep } from '../../src/shared/protocol/benchmark';
import { testName, type TestShape } from '../../src/shared/domain/benchmark/shapes';
import { rateInterval } from '../../src/shared/domain/benchmark/statistics';
import { rateOf } from '../../src/shared/domain/benchmark/validity';
import type { Run } from './run';

interface Row {
  readonly shape: TestShape;
  readonly rates: number[];
  reruns: number;
  spentMs: number;
  /** The same with the pauses before, and with the time in which the device was too busy to begin. */
  wallMs: number;
  /** No more of it. */
  closed: boolean;
}

export async function rounds(run: Run, shapes: readonly TestShape[], plan: BenchmarkPlan): Promise<void> {
  const rows = shapes.map((shape): Row => ({ shape, rates: [], reruns: 0, spentMs: 0, wallMs: 0, closed: false }));
  for (let round = 0; round < plan.repetitions.most && rows.some(({ closed }) => !closed); round += 1) {
    await run.sampleMemory();
    const order = round % 2 === 0 ? rows : rows.toReversed();
    for (const row of order) {
      if (row.closed) continue;
      tellProgress(run, rows, plan);
      await oneMore(run, row, plan);
    }
    if (isEnough(rows, round + 1, plan)) break;
    // One more would take longer than a person was told.
    if (round + 1 >= plan.repetitions.least && run.elapsedMs + roundTime(run, rows, plan) > plan.extendMs) break;
  }
  await run.sampleMemory();
}

/** ms of one repetition with all that goes before it: as it was so far, or as it is expected. */
function rowTime(run: Run, { shape, rates, reruns, wallMs }: Row, plan: BenchmarkPlan): number {
  const made = rates.length + reruns;
  return made > 0 ? wallMs / made : (run.expectation.milliseconds(shape) ?? 0) + plan.gapMs;
}

const roundTime = (run: Run, rows: readonly Row[], plan: BenchmarkPlan): number =>
  rows.reduce((sum, row) => sum + (row.closed ? 0 : rowTime(run, row, plan)), 0);

/** How many repetitions this test will have in the end. */
function goal(run: Run, { shape, rates, closed, spentMs }: Row, rounds: number, { shapeMs }: BenchmarkPlan): number {
  if (closed) return rates.length;
  const once = rates.length > 0 ? spentMs / rates.length : (run.expectation.milliseconds(shape) ?? 0);
  // It is closed when the next one would take it beyond its time.
  const affordable = once > 0 ? Math.ceil(shapeMs / once) - 1 : Infinity;
  return Math.max(rates.length, Math.min(rounds, Math.max(fewestRepetitions, affordable)));
}

/** The headline test that is known least well, and still can become better; null before there are enough repetitions to tell. */
function leastKnown(rows: readonly Row[], plan: BenchmarkPlan): Extension | null {
  if (rows.some(({ rates, closed }) => !closed && rates.length < plan.repetitions.least)) return null;
  const [widest] = headlineAmong(rows, ({ shape }) => shape, plan)
    .filter(({ closed }) => !closed)
    .map(({ shape, rates }) => ({ test: testName(shape), halfWidth: rateInterval(rates)?.halfWidth ?? Infinity }))
    .sort((a, b) => b.halfWidth - a.halfWidth);
  return widest && widest.halfWidth > precision ? widest : null;
}

function tellProgress(run: Run, rows: readonly Row[], plan: BenchmarkPlan): void {
  const extension = leastKnown(rows, plan);
  const { least, most } = plan.repetitions;
  const made = Math.max(0, ...rows.map(({ rates }) => rates.length));
  // An interval shrinks with the root of the number of its values.
  const wanted = extension === null ? least : Math.ceil(made * (extension.halfWidth / precision) ** 2);
  const rounds = Math.min(most, Math.max(least, wanted, made));
  const ofTime = rows.reduce(
    (sum, row) => sum + (goal(run, row, rounds, plan) - row.rates.length) * rowTime(run, row, plan),
    0,
  );
  // Beyond the least, the time for all of it is limited.
  const leftMs = extension === null ? ofTime : Math.min(ofTime, Math.max(0, plan.extendMs - run.elapsedMs));
  const spentMs = rows.reduce((sum, { wallMs }) => sum + wallMs, 0);
  run.tell('measuring', spentMs + leftMs === 0 ? 0 : spentMs / (spentMs + leftMs), { leftMs, extension });
}

/** One repetition that counts, after as many that do not as are allowed. */
async function oneMore(run: Run, row: Row, plan: BenchmarkPlan): Promise<void> {
  for (;;) {
    const from = run.elapsedMs;
    await run.pause(plan.gapMs);
    const rep = await run.repeat(row.shape);
    row.spentMs += rep.endedAt - rep.requestedAt;
    row.wallMs += run.elapsedMs - from;
    const rate = rateOf(rep);
    if (rep.causes.length === 0 && rate !== null) {
      row.rates.push(rate);
      if (row.rates.length >= fewestRepetitions && row.spentMs * (1 + 1 / row.rates.length) > plan.shapeMs)
        row.closed = true;
      return;
    }
    row.reruns += 1;
    if (row.reruns < mostReruns) continue;
    row.closed = true;
    // What it has stays; a test of which nothing counts says why.
    if (row.rates.length === 0) run.parts.post({ type: 'skipped', shape: row.shape, reason: reasonFor(rep) });
    return;
  }
}

const reasonFor = ({ causes }: RawRep): 'ended-early' | 'invalid' =>
  causes.includes('ended-early') ? 'ended-early' : 'invalid';

/** Every headline test is known well enough, or cannot become better. */
function isEnough(rows: readonly Row[], roundsDone: number, plan: BenchmarkPlan): boolean {
  if (roundsDone < plan.repetitions.least) return false;
  return headlineAmong(rows, ({ shape }) => shape, plan).every(
    ({ rates, closed }) => closed || (rateInterval(rates)?.halfWidth ?? Infinity) <= precision,
  );
}

/**
 * Every test once in each round, and every round in the opposite order of the one before: whatever drifts in the course of a
 * run, heat above all, then weighs on all tests alike (A B B A).
 */
import { headlineAmong, mostReruns, precision } from '../../src/contracts/benchmark/profiles';
import type { BenchmarkPlan, RawRep } from '../../src/contracts/benchmark/protocol';
import type { TestShape } from '../../src/contracts/benchmark/shapes';
import { rateInterval } from '../../src/contracts/benchmark/statistics';
import { rateOf } from '../../src/contracts/benchmark/validity';
import type { Run } from './run';

interface Row {
  readonly shape: TestShape;
  readonly rates: number[];
  reruns: number;
  spentMs: number;
  /** No more of it. */
  closed: boolean;
}

/** Under this many repetitions there is no interval worth the name. */
const fewest = 3;

export async function rounds(run: Run, shapes: readonly TestShape[], plan: BenchmarkPlan): Promise<void> {
  const rows = shapes.map((shape): Row => ({ shape, rates: [], reruns: 0, spentMs: 0, closed: false }));
  for (let round = 0; round < plan.repetitions.most && rows.some(({ closed }) => !closed); round += 1) {
    await run.sampleMemory();
    const order = round % 2 === 0 ? rows : rows.toReversed();
    for (const row of order) {
      if (row.closed) continue;
      run.tell('measuring', doneShare(rows, plan));
      await oneMore(run, row, plan);
    }
    if (isEnough(rows, round + 1, plan)) break;
  }
  await run.sampleMemory();
}

/** One repetition that counts, after as many that do not as are allowed. */
async function oneMore(run: Run, row: Row, plan: BenchmarkPlan): Promise<void> {
  for (;;) {
    await run.pause(plan.gapMs);
    const rep = await run.repeat(row.shape);
    row.spentMs += rep.endedAt - rep.requestedAt;
    const rate = rateOf(rep);
    if (rep.causes.length === 0 && rate !== null) {
      row.rates.push(rate);
      if (row.rates.length >= fewest && row.spentMs * (1 + 1 / row.rates.length) > plan.shapeMs) row.closed = true;
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

function doneShare(rows: readonly Row[], { repetitions }: BenchmarkPlan): number {
  const wanted = rows.length * repetitions.least;
  const done = rows.reduce(
    (sum, { rates, closed }) => sum + (closed ? repetitions.least : Math.min(rates.length, repetitions.least)),
    0,
  );
  return wanted === 0 ? 1 : done / wanted;
}

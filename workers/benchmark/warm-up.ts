/** Repeats each test until it runs as it will run: shaders compiled, code optimised, clocks up. None of this counts. */
import type { BenchmarkPlan, RawRep } from '../../src/shared/protocol/benchmark';
import { expectedTime } from '../../src/shared/domain/benchmark/duration';
import type { TestShape } from '../../src/shared/domain/benchmark/shapes';
import { rateOf } from '../../src/shared/domain/benchmark/validity';
import type { Run } from './run';

/** Small enough for any device, to learn what larger tests will take. The first of all also shows what a cold start costs. */
const probes: readonly TestShape[] = [
  { kind: 'pp', tokens: 16, depth: 0 },
  { kind: 'pp', tokens: 16, depth: 0 },
  { kind: 'tg', tokens: 8, depth: 0 },
];

/** Two in a row that differ by less are warm. */
const agreement = 0.05;

export async function probe(run: Run): Promise<void> {
  for (const shape of probes) await run.repeat(shape, { warmUp: true });
}

/** @returns the tests as they are made on this device */
export async function warmUp(run: Run, plan: BenchmarkPlan): Promise<TestShape[]> {
  const made: TestShape[] = [];
  const startedAt = run.elapsedMs;
  for (const [index, wanted] of plan.shapes.entries()) {
    const { speeds } = run.expectation;
    const leftMs = speeds && Math.max(0, expectedTime(plan, speeds) - (run.elapsedMs - startedAt));
    run.tell('warm-up', index / plan.shapes.length, { leftMs });
    const shape = run.expectation.fitted(wanted, plan);
    const obstacle = run.expectation.obstacle(shape, run.parts.contextTokens, plan);
    if (obstacle) run.parts.post({ type: 'skipped', shape, reason: obstacle });
    // The first tokens of all are slow ones: by now it is clearer how many fit into the time.
    else if (await warmed(run, shape, plan))
      made.push(shape.kind === 'tg' ? run.expectation.fitted(wanted, plan) : shape);
  }
  return made;
}

/** @returns false when the engine cannot make this test */
async function warmed(run: Run, shape: TestShape, plan: BenchmarkPlan): Promise<boolean> {
  let before: number | null = null;
  for (let count = 0; count < plan.mostWarmUps; count += 1) {
    const rep = await run.repeat(shape, { warmUp: true });
    if (shape.depth > 0 && rep.promptTokens === null) {
      run.parts.post({ type: 'skipped', shape, reason: 'depth' });
      return false;
    }
    const rate = rateOf(rep);
    if (agrees(rate, before) || isDear(rep, plan)) break;
    before = rate;
  }
  return true;
}

const agrees = (rate: number | null, before: number | null): boolean =>
  rate !== null && before !== null && Math.abs(rate / before - 1) < agreement;

/** Where a repetition takes about as long as it may, a single warm-up has to do. */
const isDear = ({ requestedAt, endedAt }: RawRep, { repetitionMs }: BenchmarkPlan): boolean =>
  endedAt - requestedAt > repetitionMs / 2;

/** The same segment over and over, back to back: what is left of the speed when the device is hot. */
import { mostReruns } from '../../src/shared/domain/benchmark/profiles';
import type { BenchmarkPlan } from '../../src/shared/protocol/benchmark';
import type { TestShape } from '../../src/shared/domain/benchmark/shapes';
import type { Run } from './run';

/** Between two looks at the memory, ms. */
const sampleEveryMs = 60_000;

export async function sustained(run: Run, shape: TestShape, plan: BenchmarkPlan, milliseconds: number): Promise<void> {
  const { clock } = run.parts;
  await run.sampleMemory();
  const startedAt = clock.now();
  let sampledAt = startedAt;
  let failuresInRow = 0;
  while (clock.now() - startedAt < milliseconds) {
    const elapsedMs = clock.now() - startedAt;
    run.tell('measuring', elapsedMs / milliseconds, { leftMs: milliseconds - elapsedMs + plan.recoveryMs });
    const rep = await run.repeat(shape);
    failuresInRow = rep.causes.length > 0 ? failuresInRow + 1 : 0;
    if (failuresInRow >= mostReruns) {
      run.parts.post({ type: 'skipped', shape, reason: 'invalid' });
      return;
    }
    if (clock.now() - sampledAt >= sampleEveryMs) {
      await run.sampleMemory();
      sampledAt = clock.now();
    }
  }
  run.tell('recovery', 0, { leftMs: plan.recoveryMs });
  await run.pause(plan.recoveryMs);
  await run.repeat(shape);
  await run.sampleMemory();
}

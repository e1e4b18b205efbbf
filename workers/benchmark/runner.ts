/** One run of the benchmark, from looking at the clock to the last repetition. Everything found is told at once. */
import { failureFrom } from '../../src/shared/protocol/failure';
import type { BenchmarkEnd, BenchmarkPlan } from '../../src/shared/protocol/benchmark';
import { clockResolution } from './clock';
import { askKnownAnswer } from './known-answer';
import { rounds } from './rounds';
import { Run } from './run';
import type { RunnerParts } from './runner-parts';
import { checkStopped, Stopped } from './stop';
import { sustained } from './sustained';
import { probe, warmUp } from './warm-up';

/**
 * What was told before a stop or a failure of the engine stays as valid as it was.
 * @throws FailureError `benchmark-clock` where nothing can be measured at all
 */
export async function runBenchmark(
  parts: RunnerParts,
  plan: BenchmarkPlan,
  signal: AbortSignal,
): Promise<BenchmarkEnd> {
  const run = new Run(parts, plan, signal);
  run.tell('clock', 0);
  parts.post({ type: 'clock', resolutionMs: clockResolution(parts.clock) });
  try {
    await stages(run, plan);
    return 'finished';
  } catch (error) {
    if (error instanceof Stopped || signal.aborted) return 'stopped';
    parts.post({ type: 'broke-off', failure: failureFrom(error, 'engine-crashed') });
    return 'broke-off';
  } finally {
    tellGpu(run, null);
    parts.memory?.end();
  }
}

async function stages(run: Run, plan: BenchmarkPlan): Promise<void> {
  const { parts, signal } = run;
  await probe(run);
  if (plan.knownAnswer) {
    run.tell('answer', 0);
    parts.post(await askKnownAnswer(parts.engine, plan.knownAnswer, signal));
  }
  if (plan.ceiling !== 'none') await measureCeiling(run, plan.ceiling, plan.ceilingBytes);
  if (plan.readWeights) await readWeights(run);
  const shapes = await warmUp(run, plan);
  await countDispatches(run);
  const [first] = shapes;
  if (plan.sustainedMs === null) await rounds(run, shapes, plan);
  else if (first) await sustained(run, first, plan, plan.sustainedMs);
}

async function measureCeiling(run: Run, how: 'brief' | 'full', mostBytes: number): Promise<void> {
  const { parts, signal } = run;
  if (!parts.memory) return;
  run.tell('ceiling', 0);
  const readings = await parts.memory.measure(how, mostBytes, signal);
  checkStopped(signal);
  parts.post({ type: 'ceiling', readings });
}

/** Twice: the first may come from the disk, the second from the memory that the system keeps of it. */
async function readWeights({ parts, signal }: Run): Promise<void> {
  if (!parts.readWeights) return;
  const milliseconds: number[] = [];
  let bytes = 0;
  for (let pass = 0; pass < 2; pass += 1) {
    const startedAt = parts.clock.now();
    bytes = await parts.readWeights(signal);
    checkStopped(signal);
    milliseconds.push(parts.clock.now() - startedAt);
  }
  parts.post({ type: 'weights-read', bytes, milliseconds });
}

/** In a repetition of its own, since counting takes time. */
async function countDispatches(run: Run): Promise<void> {
  const { gpu } = run.parts;
  if (!gpu) return;
  const { value: rep, dispatches } = await gpu.countDispatches(() =>
    run.repeat({ kind: 'tg', tokens: 16, depth: 0 }, { warmUp: true }),
  );
  tellGpu(run, rep.generated > 0 ? dispatches / rep.generated : null);
}

function tellGpu({ parts }: Run, dispatchesPerToken: number | null): void {
  if (parts.gpu) parts.post({ type: 'gpu', peakBytes: parts.gpu.peakBytes, dispatchesPerToken });
}

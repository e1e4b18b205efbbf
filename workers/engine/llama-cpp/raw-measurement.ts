/** The two primitives of the benchmark: prefill of n tokens and decode of n tokens, without a chat template around them. */
import type { DecodeMeasurement, PrefillMeasurement } from '../../../src/shared/protocol/engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import type { MeasureControl } from '../engine';
import { promptOf } from './measured-prompt';
import type { RawRun, RawRuns } from './raw-runs';

const usualSeed = 1337;

export async function measurePrefill(
  runs: RawRuns,
  tokens: number,
  { seed = usualSeed, signal }: MeasureControl,
): Promise<PrefillMeasurement> {
  checkCount(tokens);
  const { cachedTokens, promptTokens, stamps, start, engine } = await runExactly(runs, tokens, 1, { seed, signal });
  return {
    tokens: promptTokens - cachedTokens,
    milliseconds: (stamps[0] ?? performance.now()) - start,
    cachedTokens,
    ...(engine && { engine }),
  };
}

export async function measureDecode(
  runs: RawRuns,
  tokens: number,
  { seed = usualSeed, depth = 0, signal, onTokens }: MeasureControl,
): Promise<DecodeMeasurement> {
  checkCount(tokens);
  const told = onTokens && ((count: number): void => void (count <= tokens && onTokens(count)));
  const run = withoutLast(await runExactly(runs, depth, tokens + 1, { seed, signal, onTokens: told }), tokens);
  const single = run.chunkTokens.every((count) => count === 1);
  return {
    timestamps: run.stamps,
    ...(!single && { chunkTokens: run.chunkTokens }),
    requestedAt: run.start,
    depthTokens: run.promptTokens,
    ...(run.engine && { engine: run.engine }),
  };
}

/**
 * Each token is handed over when the next one has been computed; the last, which has no next one, comes at once, so that an
 * interval would be missing. It is generated beyond what was asked for, and left out.
 */
function withoutLast(run: RawRun, tokens: number): RawRun {
  if (run.chunkTokens.reduce((sum, count) => sum + count, 0) <= tokens) return run;
  const { stamps, chunkTokens, engine } = run;
  return {
    ...run,
    stamps: stamps.slice(0, -1),
    chunkTokens: chunkTokens.slice(0, -1),
    engine: engine && { ...engine, generatedTokens: engine.generatedTokens - 1 },
  };
}

/** A tokenizer may put two words together after all: a miss is corrected once. With a prompt of 0, the shortest there is. */
async function runExactly(
  runs: RawRuns,
  promptTokens: number,
  tokens: number,
  { seed, ...control }: { seed: number; signal?: AbortSignal | undefined; onTokens?: MeasureControl['onTokens'] },
): Promise<RawRun> {
  const words = await runs.words();
  const run = await runs.run(promptOf(words, promptTokens, seed), tokens, control);
  const miss = promptTokens - run.promptTokens;
  if (promptTokens === 0 || miss === 0 || control.signal?.aborted) return run;
  const correction = Math.round(miss / words.each);
  return correction === 0 ? run : runs.run(promptOf(words, promptTokens, seed, correction), tokens, control);
}

function checkCount(tokens: number): void {
  if (!Number.isInteger(tokens) || tokens < 1)
    throw new FailureError({ kind: 'request-invalid', technical: `${tokens} tokens cannot be measured` });
}

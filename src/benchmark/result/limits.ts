/** Sets the speeds beside what the device could do at most. */
import {
  bandwidthFor,
  bytesPerToken,
  plateauOf,
  roof,
  tokenBudget,
  type BandwidthReading,
  type CeilingReadings,
} from '../../shared/domain/benchmark/ceiling';
import type { BenchmarkResult, ResultCeiling, ResultTest } from '../statistics/result';
import { isOnLine, prefillLine, type PromptTime } from '../../shared/domain/benchmark/token-times';
import { median } from '../../shared/domain/benchmark/statistics';
import type { LoadedModel } from '../../shared/protocol/engine';

const mebibyte = 1024 ** 2;

/** What was read with the memory and the threads that the engine uses. */
function readingsFor({ cpu, gpu }: CeilingReadings, { backend, threads }: LoadedModel): readonly BandwidthReading[] {
  if (backend === 'webgpu') return gpu?.readings ?? [];
  return cpu.find((reading) => reading.threads === threads)?.readings ?? [];
}

export function resultCeiling(readings: CeilingReadings, loaded: LoadedModel): ResultCeiling {
  const own = readingsFor(readings, loaded);
  const plateau = plateauOf(own);
  const gpuPlateau = readings.gpu ? plateauOf(readings.gpu.readings) : null;
  const stamp = readings.gpu?.byTimestamp ?? null;
  const disagree = stamp !== null && gpuPlateau !== null && Math.abs(stamp / gpuPlateau.gigabytesPerSecond - 1) > 0.1;
  return {
    bw_read: gpuPlateau?.gigabytesPerSecond ?? null,
    bw_quant: readings.gpu?.quantized ?? null,
    bw_timestamp: stamp,
    bw_ci_pct: percent(plateau?.halfWidth ?? null),
    size_mib: plateau ? plateau.bytes / mebibyte : null,
    method: loaded.backend === 'webgpu' ? 'slope' : 'wall',
    t_disp_us: readings.gpu?.dispatchMicroseconds ?? null,
    t_sync_us: readings.gpu?.syncMicroseconds ?? null,
    gflops: readings.gpu?.gigaflops ?? null,
    gflops_f16: readings.gpu?.halfPrecision ?? false,
    bw_wasm: Object.fromEntries(
      readings.cpu.flatMap(({ threads, readings: sizes }) => {
        const level = plateauOf(sizes);
        return level ? [[String(threads), level.gigabytesPerSecond]] : [];
      }),
    ),
    sweep: own.map(({ bytes, gigabytesPerSecond }) => [bytes / mebibyte, gigabytesPerSecond] as const),
    bw_used: loaded.accounting
      ? bandwidthFor(own, loaded.accounting.activeBytes)
      : (plateau?.gigabytesPerSecond ?? null),
    flags: [
      ...(plateau?.contaminated ? (['cache-contaminated'] as const) : []),
      ...(disagree ? (['methods-disagree'] as const) : []),
    ],
  };
}

const percent = (share: number | null): number | null => (share === null ? null : share * 100);

/** The tests of writing, each with its own limit: the deeper, the more there is to read. */
export function withLimits(
  tests: readonly ResultTest[],
  ceiling: ResultCeiling | null,
  { accounting, backend }: LoadedModel,
  dispatchesPerToken: number | null,
): ResultTest[] {
  const speed = ceiling?.bw_used ?? null;
  return tests.map((test) => {
    if (test.kind !== 'tg' || test.median_ts === null || speed === null || !accounting) return test;
    const bytes = bytesPerToken(accounting, (test.n_depth_actual ?? test.n_depth) + test.n_gen / 2);
    const limit = roof(speed, bytes);
    const onGpu = backend === 'webgpu';
    return {
      ...test,
      tg_roof: limit,
      mbu: test.median_ts / limit,
      budget_ms: tokenBudget({
        tokenMs: 1000 / test.median_ts,
        bytes,
        gigabytesPerSecond: speed,
        dispatches: onGpu ? (dispatchesPerToken ?? 0) : 0,
        dispatchMicroseconds: onGpu ? (ceiling?.t_disp_us ?? 0) : 0,
        syncMicroseconds: onGpu ? (ceiling?.t_sync_us ?? 0) : 0,
      }),
    };
  });
}

/** Of the shortest and the second-longest prompt; the longest says whether reading is as simple as that. */
export function prefillFigures(
  tests: readonly ResultTest[],
  ceiling: ResultCeiling | null,
  activeParameters: number | null,
): BenchmarkResult['prefill'] {
  const prompts = tests.flatMap(({ kind, reps, n_prompt }): PromptTime[] => {
    const times = reps.flatMap(({ valid, ttft_ms }) => (valid && ttft_ms !== null ? [ttft_ms] : []));
    return kind === 'pp' && times.length > 0 ? [{ tokens: n_prompt, milliseconds: median(times) }] : [];
  });
  const [short, long, third] = prompts.sort((a, b) => a.tokens - b.tokens);
  const line = short && long ? prefillLine(short, long) : null;
  if (!line) return null;
  const flops = ceiling?.gflops ?? null;
  return {
    slope_ts: line.rate,
    fixed_ms: line.overheadMs,
    linear: third ? isOnLine(line, third) : null,
    mfu: flops !== null && activeParameters !== null ? (2 * activeParameters * line.rate) / (flops * 1e9) : null,
  };
}

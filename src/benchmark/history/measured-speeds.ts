import type { MeasuredSpeeds } from '../../shared/domain/benchmark/prediction';
import type { BenchmarkResult } from '../statistics/result';

/** Smaller models live in a cache and wait for everything else; they say nothing about the large ones. */
const leastBytes = 100e6;
/** Newer results know the device as it is now. */
const mostSpeeds = 20;

/** What the results of this device say about its memory, and how much of it engines make. @param results newest first */
export function measuredSpeeds(results: readonly BenchmarkResult[], localId: string): MeasuredSpeeds {
  const own = results.filter(({ device }) => device.local_id === localId);
  const newest = <T>(of: (result: BenchmarkResult) => T | null): T | null => {
    for (const result of own) {
      const value = of(result);
      if (value !== null) return value;
    }
    return null;
  };
  const reached = (effective: string): number[] =>
    own
      .filter(
        ({ engine, model }) => engine.backend_effective === effective && (model.w_active_bytes ?? 0) >= leastBytes,
      )
      .flatMap(({ tests }) => tests.find(({ kind, mbu }) => kind === 'tg' && mbu !== null)?.mbu ?? [])
      .slice(0, mostSpeeds);
  return {
    // With as many threads as were measured: a large model gets all that are of use.
    cpu: newest(({ ceiling }) => {
      const speeds = Object.values(ceiling?.bw_wasm ?? {});
      return speeds.length > 0 ? Math.max(...speeds) : null;
    }),
    gpu: newest(({ ceiling, device }) => (device.gpu?.fallback === true ? null : (ceiling?.bw_read ?? null))),
    reached: { cpu: reached('cpu'), gpu: reached('webgpu') },
  };
}

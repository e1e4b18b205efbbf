/** How long a run will take here, from what was measured here before. */
import { expectedTime, type Speeds } from '../../shared/domain/benchmark/duration';
import { profiles, type ProfileName } from '../../shared/domain/benchmark/profiles';
import type { BenchmarkResult } from '../statistics/result';

/** Before the first repetition and beside them, in ms, with a small model: the limits of the device, a known answer… */
const besideMs = 7_000;
/** …and, in a Standard run, loading the model three times and a turn of the chat. */
const aroundMs = 30_000;

/** Of the newest result with this model; null where none tells. @param history newest first */
export function speedsOf(history: readonly BenchmarkResult[], modelId: string): Speeds | null {
  for (const { model, tests } of history) {
    if (model.id !== modelId) continue;
    const fastest = (kind: 'pp' | 'tg'): number =>
      Math.max(0, ...tests.flatMap((test) => (test.kind === kind && test.n_depth === 0 ? (test.median_ts ?? 0) : 0)));
    const speeds = { prefill: fastest('pp'), decode: fastest('tg') };
    if (speeds.prefill > 0 && speeds.decode > 0) return speeds;
  }
  return null;
}

/** ms; null where nothing of this model was measured yet, and for a profile whose time is chosen. */
export function foretold(profile: ProfileName, history: readonly BenchmarkResult[], modelId: string): number | null {
  const speeds = profile === 'sustained' ? null : speedsOf(history, modelId);
  return speeds && expectedTime(profiles[profile], speeds) + (profiles[profile].around ? aroundMs : besideMs);
}

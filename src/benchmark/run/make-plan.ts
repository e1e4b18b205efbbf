import { profiles, recoveryMs, type ProfileName } from '../../shared/domain/benchmark/profiles';
import type { BenchmarkPlan } from '../../shared/protocol/benchmark';
import type { DeviceFacts } from '../../shared/domain/device';
import type { LoadRequest } from '../../shared/protocol/engine';
import { knownAnswerOf } from './known-answers';

export const benchmarkJobId = 'benchmark';
const firstSeed = 1337;

export interface PlanFacts {
  readonly minutes: number;
  /** Of the model; none where they are not to be read. */
  readonly files: LoadRequest['files'];
  /** What the search for the limit may take. */
  readonly ceilingBytes: number;
  /** How long the run has taken before the runner starts, ms. */
  readonly elapsedMs?: number;
}

export function makePlan(
  name: ProfileName,
  modelId: string,
  { minutes, files, ceilingBytes, elapsedMs = 0 }: PlanFacts,
): BenchmarkPlan {
  const { around, ...profile } = profiles[name];
  return {
    ...profile,
    jobId: benchmarkJobId,
    extendMs: profile.extendMs - elapsedMs,
    ceilingBytes,
    sustainedMs: name === 'sustained' ? minutes * 60_000 : null,
    recoveryMs,
    knownAnswer: knownAnswerOf(modelId),
    readWeights: around ? files : null,
    seed: firstSeed,
  };
}

/** A quarter of the memory, and on phones less: they end pages that take much of it. */
export function ceilingBytesFor({ mobile, memoryGiB }: Pick<DeviceFacts, 'mobile' | 'memoryGiB'>): number {
  return Math.min(mobile ? 2 ** 28 : 2 ** 29, ((memoryGiB ?? 4) / 4) * 2 ** 30);
}

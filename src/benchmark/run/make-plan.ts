import { profiles, type ProfileName } from '../../contracts/benchmark/profiles';
import type { BenchmarkPlan } from '../../contracts/benchmark/protocol';
import type { LoadRequest } from '../../contracts/engine';
import { knownAnswerOf } from './known-answers';

export const benchmarkJobId = 'benchmark';
const firstSeed = 1337;
const recoveryMs = 60_000;

export function makePlan(
  name: ProfileName,
  modelId: string,
  { minutes, files }: { readonly minutes: number; readonly files: LoadRequest['files'] },
): BenchmarkPlan {
  const { shapes, headline, repetitions, mostWarmUps, gapMs, repetitionMs, shapeMs, shortensPrompts, ceiling, around } =
    profiles[name];
  return {
    jobId: benchmarkJobId,
    shapes,
    headline,
    repetitions,
    mostWarmUps,
    gapMs,
    repetitionMs,
    shapeMs,
    shortensPrompts,
    ceiling,
    sustainedMs: name === 'sustained' ? minutes * 60_000 : null,
    recoveryMs,
    knownAnswer: knownAnswerOf(modelId),
    readWeights: around ? files : null,
    seed: firstSeed,
  };
}

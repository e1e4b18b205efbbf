/** How fast this CPU can read memory through WebAssembly, by size and by number of threads. */
import type { CpuReading } from '../../../src/shared/domain/benchmark/ceiling';
import { checkStopped, orStopped } from '../stop';
import { ReadTeam } from './read-team';
import { sampleUntilSure } from './sample-until-sure';

const mebibyte = 1024 ** 2;
/** Larger than the caches of nearly every device. */
const sizes = [16, 64, 256].map((size) => size * mebibyte);

const efforts = { brief: { samples: 4, milliseconds: 70 }, full: { samples: 10, milliseconds: 150 } } as const;

/** @throws Stopped */
export async function measureCpuLimit(
  threadCounts: readonly number[],
  { how, mostBytes }: { readonly how: 'brief' | 'full'; readonly mostBytes: number },
  signal: AbortSignal,
): Promise<CpuReading[]> {
  const { samples, milliseconds } = efforts[how];
  const found: CpuReading[] = [];
  for (const threads of threadCounts) {
    checkStopped(signal);
    const team = await ReadTeam.start(threads, Math.min(mostBytes, Math.max(...sizes)));
    try {
      const readings = [];
      for (const bytes of sizes.filter((size) => size <= team.bytes)) {
        // The first pass of a size still brings it in.
        await orStopped(team.read(bytes, milliseconds / 3), signal);
        readings.push(await sampleUntilSure(bytes, samples, () => orStopped(team.read(bytes, milliseconds), signal)));
      }
      found.push({ threads, readings });
    } finally {
      team.end();
    }
  }
  return found;
}

/** With how many threads a model runs fastest on the CPU. The figures: tools/measure/engine-comparison.md. */
import type { GgufFacts } from '../../src/shared/domain/gguf';

/** Wasm threads beyond the fast cores slow each other down: they spin while they wait, and nobody can ask which cores are fast. */
const mostThreads = 8;

/** Below this a token is evaluated faster than threads can agree that they are done with it. */
export const smallModelParameters = 30e6;

/** For a model of the usual size, on a device with so many cores. */
export const usualThreads = (cores: number, isolated: boolean): number => (isolated ? threadsFor(cores) : 1);

// Browsers count hyper-threads, and phones have slow cores beside fast ones: half of many is the safer number.
const threadsFor = (cores: number): number => (cores <= 2 ? cores : Math.min(mostThreads, Math.ceil(cores / 2)));

export function chooseThreads(facts: GgufFacts, wanted: number | undefined, cores: number, isolated: boolean): number {
  if (!isolated) return 1;
  if (wanted !== undefined) return Math.max(1, Math.min(Math.floor(wanted), 2 * mostThreads));
  if (facts.parameters < smallModelParameters) return 1;
  return threadsFor(cores);
}

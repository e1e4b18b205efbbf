/** How many threads a model gets. */
import type { GgufFacts } from './gguf-check';

/** Wasm threads beyond the fast cores slow each other down: they spin while they wait, and nobody can ask which cores are fast. */
const mostThreads = 8;

export function chooseThreads(facts: GgufFacts, wanted: number | undefined, cores: number, isolated: boolean): number {
  if (!isolated) return 1;
  if (wanted !== undefined) return Math.max(1, Math.min(Math.floor(wanted), mostThreads * 2));
  void facts;
  // Browsers count hyper-threads. On two that is still two threads; on more, half of them are cores.
  return Math.max(1, Math.min(mostThreads, cores <= 2 ? cores : Math.ceil(cores / 2)));
}

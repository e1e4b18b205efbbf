import type { ActiveModel } from '../engine/active-model.svelte';
import { formatDuration } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import type { Fact } from './model-facts';

/** What a model that is loaded runs on; nothing of one that is not. */
export function runsOn({ chosen, loaded }: ActiveModel, modelId: string): readonly Fact[] {
  if (chosen.id !== modelId || loaded === null) return [];
  const value = m.runs_on({
    backend: loaded.backend === 'webgpu' ? 'WebGPU' : 'CPU',
    threads: String(loaded.threads),
    time: formatDuration(loaded.loadMilliseconds),
  });
  return [{ name: m.fact_runs_on(), value }];
}

import type { ActiveModel } from '../engine/active-model.svelte';
import { formatDuration } from '../text/formatting';
import { engineTitle } from '../text/engine-title';
import { m } from '../text/paraglide/messages.js';
import type { Fact } from './model-facts';

/** What a model that is loaded runs on; nothing of one that is not. */
export function runsOn({ chosen, loaded }: ActiveModel, modelId: string): readonly Fact[] {
  if (chosen.id !== modelId || loaded === null) return [];
  const time = formatDuration(loaded.loadMilliseconds);
  const value =
    loaded.backend === 'webgpu'
      ? m.runs_on_gpu({ adapter: loaded.adapter ?? 'llama.cpp', time })
      : m.runs_on({ backend: `${engineTitle(loaded.engine)} · CPU`, threads: String(loaded.threads), time });
  return [{ name: m.fact_runs_on(), value }];
}

/** Where a person can have a GGUF model computed, as one choice: a processor, and on the CPU an engine. */
import type { LoadSettings } from '../shared/domain/engine-choice';
import { engineInSentence } from '../text/engine-title';
import { m } from '../text/paraglide/messages.js';

export const computeWays = ['auto', 'sotto', 'llama.cpp', 'gpu'] as const;
export type ComputeWay = (typeof computeWays)[number];

type WaySettings = Pick<LoadSettings, 'backend' | 'cpuEngine'>;

export const settingsOfWay: Readonly<Record<ComputeWay, WaySettings>> = {
  auto: {},
  sotto: { backend: 'cpu', cpuEngine: 'cpu' },
  'llama.cpp': { backend: 'cpu', cpuEngine: 'llama.cpp' },
  gpu: { backend: 'webgpu' },
};

const names: Readonly<Record<ComputeWay, () => string>> = {
  auto: m.load_backend_auto,
  sotto: () => m.load_backend_cpu({ engine: engineInSentence('cpu') }),
  'llama.cpp': () => m.load_backend_cpu({ engine: engineInSentence('llama.cpp') }),
  gpu: () => m.load_backend_gpu({ engine: engineInSentence('llama.cpp') }),
};

export const wayName = (way: ComputeWay): string => names[way]();

/** @param known whether Sotto's own engine knows models of this kind */
export function wayOf({ backend, cpuEngine }: WaySettings, known: boolean): ComputeWay {
  if (backend === 'webgpu') return 'gpu';
  if (backend === undefined && cpuEngine === undefined) return 'auto';
  return cpuEngine === 'llama.cpp' || !known ? 'llama.cpp' : 'sotto';
}

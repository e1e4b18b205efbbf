import type { LoadSettings } from '../../shared/domain/engine-choice';
import { isLibraryPath } from '../../shared/domain/mlc';
import type { ModelDescriptor } from '../../shared/domain/model';
import type { StoredModel, WeightsManifest } from '../../shared/protocol/weights';
import { cardOf } from './model-cards';

/** How long a window a stored model is loaded with, in tokens, unless its own is shorter: the KV cache takes memory. */
export const usualContextTokens = 4096;

/** Whether there is all that its engine needs. MLC weights without their library never run. */
export const isUsable = ({ state, manifest }: StoredModel): boolean =>
  state === 'ready' && (manifest.format === 'gguf' || manifest.files.some(({ path }) => isLibraryPath(path)));

/** Which engine weights of a format are made for; which one computes them here is chosen when they are loaded. */
export const engineOf = (format: WeightsManifest['format']): 'webllm' | 'llama.cpp' =>
  format === 'mlc' ? 'webllm' : 'llama.cpp';

/** A stored model as one that can be chosen for a chat. */
export function storedDescriptor({ manifest, bytes }: StoredModel, settings: LoadSettings): ModelDescriptor {
  const { modelId, name, licence: license, gguf, mlc, format, projector } = manifest;
  const most = gguf?.contextTokens ?? mlc?.contextTokens ?? usualContextTokens;
  const { contextTokens = usualContextTokens, kvCache, backend, cpuEngine } = settings;
  return {
    id: modelId,
    name,
    engine: engineOf(format),
    source: { kind: 'stored' },
    bytes,
    ...(license !== undefined && { license }),
    contextTokens: Math.min(contextTokens, most),
    ...(kvCache && { kvCache }),
    ...(backend && { backend }),
    ...(cpuEngine && { cpuEngine }),
    ...(gguf && { architecture: gguf.architecture }),
    ...(projector && { senses: { sees: projector.sees, hears: projector.hears } }),
    ...cardOf(name),
  };
}

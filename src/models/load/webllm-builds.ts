/** Which stored MLC weights are builds of the same model as a GGUF of the catalog. */
import type { CatalogEntry } from '../../shared/domain/catalog';
import type { WebLlmBuild } from '../../shared/domain/engine-choice';
import type { StoredModel } from '../../shared/protocol/weights';
import { libraryState } from './model-library';
import { isUsable } from '../shelf/stored-descriptor';

/**
 * In the order of the catalog, whose builds in 16 bits, the faster ones, come first. None for weights that it does not know: a
 * name alone does not say that two are the same model.
 */
export function webLlmBuildsOf(
  modelId: string,
  stored: readonly StoredModel[],
  entries: readonly CatalogEntry[],
): readonly WebLlmBuild[] {
  const gguf = entries.find(({ id, format }) => id === modelId && format === 'gguf');
  if (!gguf) return [];
  const builds = entries.filter(({ model, format }) => model === gguf.model && format === 'mlc');
  return builds.flatMap(({ id, quantization, needsF16 }) => {
    const found = stored.find(({ manifest }) => manifest.modelId === id);
    if (!found || !isUsable(found) || libraryState(found.manifest, entries).kind !== 'fits') return [];
    return [{ modelId: id, bytes: found.bytes, quantization, needsF16 }];
  });
}

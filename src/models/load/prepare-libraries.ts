/**
 * What the models on this device need to run in a newer version of the app: libraries compiled for its WebLLM. Fetched before
 * the version is offered, so that nobody is left offline with weights that nothing can run.
 */
import { FailureError } from '../../shared/protocol/failure';
import type { StoredModel } from '../../shared/protocol/weights';
import type { ModelShelf } from '../shelf/model-shelf.svelte';

/** The addresses in a build's `model-libraries.json`, by repository; empty where the file says nothing that is understood. */
function addresses(file: unknown): ReadonlyMap<string, string> {
  const { libraries } = (typeof file === 'object' && file !== null ? file : {}) as { libraries?: unknown };
  if (typeof libraries !== 'object' || libraries === null) return new Map();
  return new Map(Object.entries(libraries).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function wantedLibrary({ state, manifest }: StoredModel, known: ReadonlyMap<string, string>): string | null {
  if (state !== 'ready' || manifest.format !== 'mlc' || manifest.source.kind !== 'hub') return null;
  const wanted = known.get(manifest.source.repository);
  const { library, files } = manifest;
  const here = library?.address ?? files.find(({ path }) => path === library?.path)?.url;
  return wanted === undefined || wanted === here ? null : wanted;
}

/** @throws FailureError when a library could not be fetched; the model then keeps the one it has */
export async function prepareLibraries(shelf: ModelShelf, file: unknown): Promise<void> {
  const known = addresses(file);
  for (const model of shelf.stored) {
    const url = wantedLibrary(model, known);
    if (url === null) continue;
    const result = await shelf.prepareLibrary(model.manifest.modelId, url);
    if (!result.ok) throw new FailureError(result.failure);
  }
}

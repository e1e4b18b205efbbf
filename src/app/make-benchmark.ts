/** Builds the benchmark from the parts of the app. Loaded with its screen: most visits measure nothing. */
import { Benchmark } from '../benchmark/benchmark.svelte';
import { DeviceIdentity } from '../benchmark/device-identity.svelte';
import type { DownloadTimes } from '../benchmark/download-times';
import { HistoryStore } from '../benchmark/history/history-store';
import { measuredSpeeds } from '../benchmark/history/measured-speeds';
import type { ModelIdentity } from '../benchmark/result/run-facts';
import type { MeasuredSpeeds } from '../shared/domain/benchmark/prediction';
import { isLibraryPath } from '../shared/domain/mlc';
import type { ModelDescriptor } from '../shared/domain/model';
import type { StoredModel } from '../shared/protocol/weights';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { EngineClient } from '../engine/engine-client';
import type { Models } from '../models/models.svelte';
import { commit, version } from '../settings/version';
import { LatePart } from '../ui/late-part.svelte';
import { loadPart } from '../ui/load-part';

function storedOf(stored: readonly StoredModel[], { id }: ModelDescriptor): StoredModel | undefined {
  return stored.find(({ manifest, state }) => manifest.modelId === id && state === 'ready');
}

function identify(model: ModelDescriptor, stored: readonly StoredModel[]): ModelIdentity {
  const { id, name, bytes, source } = model;
  if (source.kind === 'built-in')
    return { id, name, bytes, file: source.path.split('/').at(-1) ?? '', sha256: source.sha256 };
  // Results are shared: where the server is, is nobody's business.
  if (source.kind === 'server')
    return { id: `server:${source.model}`, name: source.model, bytes: 0, file: '', sha256: '' };
  if (source.kind === 'file') return { id, name, bytes, file: source.fileName, sha256: '' };
  const { format, files = [] } = storedOf(stored, model)?.manifest ?? {};
  // Weights of MLC lie in many files; what is computed with them is in their library.
  const library = format === 'mlc' ? files.find(({ path }) => isLibraryPath(path)) : undefined;
  const [first, ...others] = library ? [library, ...files] : files;
  // Of several files, no hash is that of the model.
  const sha256 = others.length === 0 ? (first?.sha256 ?? '') : '';
  return { id, name, bytes, file: first?.path.split('/').at(-1) ?? '', sha256 };
}

interface BenchmarkParts {
  readonly engine: EngineClient;
  readonly activeModel: ActiveModel;
  readonly models: Models;
  readonly background: { readonly value: { readonly downloads: DownloadTimes } | null };
}

export function makeBenchmark({ engine, activeModel, models: { shelf }, background }: BenchmarkParts): Benchmark {
  const device = new LatePart(async () => (await loadPart(() => import('../device/probe'))).probeDevice());
  return new Benchmark({
    client: engine,
    model: activeModel,
    app: { version, commit },
    identity: new DeviceIdentity(),
    weightsOf: (model) => shelf.weightsOf(model),
    identify: (model) => identify(model, shelf.stored),
    isStored: (model) => model.source.kind !== 'stored' || storedOf(shelf.stored, model) !== undefined,
    contextLimit: (model) => storedOf(shelf.stored, model)?.manifest.gguf?.contextTokens ?? model.contextTokens ?? null,
    downloadOf: (modelId) => background.value?.downloads.of(modelId) ?? null,
    device: () => device.open(),
  });
}

/** What the results of this device say about its memory; null where nothing was measured yet. */
export async function readMeasuredSpeeds(): Promise<MeasuredSpeeds | null> {
  const results = await new HistoryStore().results();
  return results.ok && results.value.length > 0 ? measuredSpeeds(results.value, new DeviceIdentity().id) : null;
}

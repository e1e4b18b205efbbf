/** The page's side of the live suite: our store, our client, the real package. */
import { type Remote, wrap } from 'comlink';
import type { LoadedModel } from '../../src/shared/protocol/engine';
import type { EngineEvent } from '../../src/shared/protocol/engine-api';
import { valueOf } from '../fixtures/outcomes';
import type { Result } from '../../src/shared/protocol/failure';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import type { WeightsApi } from '../../src/shared/protocol/weights';
import { EngineClient } from '../../src/engine/engine-client';
import weightsWorkerUrl from '../../workers/weights.worker.ts?worker&url';
import liveWorkerUrl from './live-engine.worker.ts?worker&url';
import type { LiveHost } from './live-engine.worker';
import type { GpuSettings } from './settings';

declare const __GPU_SETTINGS__: GpuSettings;
export const settings = __GPU_SETTINGS__;

export type LoadEvent = Extract<EngineEvent, { type: 'load-progress' }>;

export interface LiveEngine {
  readonly client: EngineClient;
  readonly progress: LoadEvent[];
  host(): Remote<LiveHost>;
  load(modelId: string, contextTokens: number): Promise<Result<LoadedModel>>;
}

export function liveEngine(name = 'engine'): LiveEngine {
  let worker: Worker | undefined;
  const client = new EngineClient(() => (worker = startWorker(liveWorkerUrl, name)));
  const progress: LoadEvent[] = [];
  client.listen((event) => {
    if (event.type === 'load-progress') progress.push(event);
  });
  return {
    client,
    progress,
    host: () => {
      if (!worker) throw new Error('no worker yet');
      return wrap<LiveHost>(worker);
    },
    load: (modelId, contextTokens) =>
      client.load({ modelId, engine: 'webllm', files: { storedModelId: modelId }, contextTokens }),
  };
}

/** Brings the folder into the store, the way a person would add it. @returns the model's id */
export async function storeModel(folderUrl: string, libraryUrl: string): Promise<string> {
  const api = wrap<WeightsApi>(startWorker(weightsWorkerUrl, 'weights'));
  valueOf(await api.configure({ hubUrl: 'https://huggingface.co' }));
  const inspection = valueOf(await api.inspect({ url: folderUrl, libraryUrl }));
  if (inspection.kind !== 'model') throw new Error('several models');
  const { modelId } = inspection.manifest;
  valueOf(await api.download(inspection.manifest));
  for (;;) {
    const model = valueOf(await api.list()).find(({ manifest }) => manifest.modelId === modelId);
    if (model?.state === 'ready') return modelId;
    if (model?.state === 'failed') throw new Error(model.failure?.technical);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const monotonic = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));

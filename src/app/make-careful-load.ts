/** Builds what loads models that a device may not be able to hold; the Guide, which every device can, comes without it. */
import serverWorkerUrl from '../../workers/server.worker.ts?worker&url';
import { probeDevice } from '../device/probe';
import { CarefulLoad } from '../engine/careful-load';
import type { EngineClient } from '../engine/engine-client';
import { entries } from '../models/catalog/catalog-data';
import { webLlmBuildsOf } from '../models/load/webllm-builds';
import type { ModelShelf } from '../models/shelf/model-shelf.svelte';
import type { Servers } from '../servers/servers.svelte';
import { startWorker } from '../shared/platform/trusted-worker';

export function makeCarefulLoad(engine: EngineClient, shelf: ModelShelf, servers: () => Promise<Servers>): CarefulLoad {
  engine.startServerWorker = () => startWorker(serverWorkerUrl, 'server');
  return new CarefulLoad(
    engine,
    probeDevice,
    async (modelId) => {
      if (!shelf.isRead) await shelf.refresh();
      return webLlmBuildsOf(modelId, shelf.stored, entries);
    },
    async (model) => (await servers()).connectionOf(model),
  );
}

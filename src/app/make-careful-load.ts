/** Builds what loads models that a device may not be able to hold; the Guide, which every device can, comes without it. */
import { probeDevice } from '../device/probe';
import { CarefulLoad } from '../engine/careful-load';
import type { EngineClient } from '../engine/engine-client';
import { entries } from '../models/catalog/catalog-data';
import { webLlmBuildsOf } from '../models/load/webllm-builds';
import type { ModelShelf } from '../models/shelf/model-shelf.svelte';

export const makeCarefulLoad = (engine: EngineClient, shelf: ModelShelf): CarefulLoad =>
  new CarefulLoad(engine, probeDevice, async (modelId) => {
    if (!shelf.isRead) await shelf.refresh();
    return webLlmBuildsOf(modelId, shelf.stored, entries);
  });

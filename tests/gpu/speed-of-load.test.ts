/** From the call to the weights on the GPU: our store against each of WebLLM's own caches, on the same bytes. */
import { wrap } from 'comlink';
import { commands } from 'vitest/browser';
import { describe, expect, inject, it } from 'vitest';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import { settings, storeModel } from './live';
import speedWorkerUrl from './speed.worker.ts?worker&url';
import type { CacheBackend, speed } from './speed.worker';

const rounds = 5;
const backends: readonly CacheBackend[] = ['indexeddb', 'cache', 'opfs'];

/** In a worker of its own, which is ended where the measurement ends. */
async function timed(measure: (api: typeof speed) => Promise<number>): Promise<number> {
  const worker = startWorker(speedWorkerUrl, 'embedding');
  try {
    return await measure(wrap<typeof speed>(worker) as unknown as typeof speed);
  } finally {
    worker.terminate();
  }
}

describe('the load of an embedding model', () => {
  it('is timed to the weights on the GPU', async () => {
    const modelId = await storeModel(inject('folderUrl'), inject('libraryUrl'));
    const theirs = (backend: CacheBackend) =>
      timed((api) => api.theirs(inject('folderUrl'), inject('libraryUrl'), backend));
    // Fills the caches, and lets the browser compile what it keeps.
    for (const backend of backends) await theirs(backend);
    await timed((api) => api.ours(modelId));
    const ms: Record<CacheBackend | 'ours', number[]> = { ours: [], indexeddb: [], cache: [], opfs: [] };
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? backends : backends.toReversed();
      ms.ours.push(await timed((api) => api.ours(modelId)));
      for (const backend of order) ms[backend].push(await theirs(backend));
    }
    await commands.writeFigures('speed-of-load', { settings, ms });
    for (const samples of Object.values(ms)) expect(samples).toHaveLength(rounds);
  });
});

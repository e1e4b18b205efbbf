import { FailureError } from '../../../src/shared/protocol/failure';
import type { WeightsManifest, WeightsSpace } from '../../../src/shared/protocol/weights';
import { manifestBytes } from './file-key';
import { estimatedFreeBytes } from './store-failure';
import { namedBy, type WeightsStore } from './weights-store';

/** How much there is, and how much of it the weights take. Content that models share counts once. */
export async function spaceOf(store: WeightsStore): Promise<WeightsSpace> {
  const keys = new Set((await store.models()).flatMap(namedBy));
  let weightsBytes = 0;
  for (const key of keys) weightsBytes += await store.storedBytes(key);
  const { quota = null, usage = null } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return { usedBytes: usage, quotaBytes: quota, weightsBytes };
}

/**
 * Holds what a model still needs against the browser's estimate, which may be wrong: a warning and no ban, since only a write
 * knows.
 * @throws FailureError `weights-storage-full` with both figures
 */
export async function checkSpace(store: WeightsStore, manifest: WeightsManifest): Promise<void> {
  const record = await store.model(manifest.modelId);
  const neededBytes = manifestBytes(manifest) - (record ? await store.modelBytes(record) : 0);
  const availableBytes = await estimatedFreeBytes();
  if (availableBytes === null || neededBytes <= availableBytes) return;
  const technical = `${neededBytes} bytes to store, ${availableBytes} by estimate`;
  throw new FailureError({ kind: 'weights-storage-full', technical, numbers: { neededBytes, availableBytes } });
}

/** Web Locks around a model's weights. They end with their tab, also when it crashes. */

const lockName = (modelId: string): string => `sotto-weights:${modelId}`;
const transferLock = 'sotto-weights-transfer';

/** Web Locks are missing in insecure contexts: better one unguarded tab than none. */
const locks = (): LockManager | undefined => (navigator as { readonly locks?: LockManager }).locks;

/**
 * Runs `work` when no other transfer runs in any tab, and nobody reads or deletes this model. One transfer at a time: two
 * would share the line, and might fetch the same shared file twice.
 */
export async function inTransfer(modelId: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const manager = locks();
  if (!manager) return work();
  await manager.request(transferLock, { signal }, () => manager.request(lockName(modelId), { signal }, work));
}

/** Whether a transfer runs, in any tab, of another model than this. */
export async function anotherTransferRuns(modelId: string): Promise<boolean> {
  const held = (await locks()?.query())?.held?.map(({ name }) => name) ?? [];
  return held.includes(transferLock) && !held.includes(lockName(modelId));
}

/** Runs `work` when nobody reads, fetches or deletes this model. */
export async function alone<T>(modelId: string, work: () => Promise<T>): Promise<T> {
  const manager = locks();
  return manager ? manager.request(lockName(modelId), work) : work();
}

/** Longer than any look at a model takes, and shorter than a transfer, in ms. */
const patienceMs = 2000;

/** Runs `work` while nobody may change this model. @returns null, without running it, when somebody is at it for longer */
export async function whileReading<T>(modelId: string, work: () => Promise<T>): Promise<T | null> {
  const manager = locks();
  if (!manager) return work();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    return await manager.request(lockName(modelId), { mode: 'shared', signal: patience.signal }, () => {
      clearTimeout(timer);
      return work();
    });
  } catch (error) {
    if (patience.signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Locks around a model's weights. */
import { heldLocks, tryLock, withLock } from '../../src/shared/platform/web-locks';

const lockName = (modelId: string): string => `sotto-weights:${modelId}`;
const transferLock = 'sotto-weights-transfer';

/**
 * Runs `work` when no other transfer runs in any tab, and nobody reads or deletes this model. One transfer at a time: two
 * would share the line, and might fetch the same shared file twice.
 */
export const inTransfer = (modelId: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> =>
  withLock(transferLock, () => withLock(lockName(modelId), work, { signal }), { signal });

/** Whether a transfer runs, in any tab, of another model than this. */
export async function anotherTransferRuns(modelId: string): Promise<boolean> {
  const held = await heldLocks();
  return held.has(transferLock) && !held.has(lockName(modelId));
}

/** Runs `work` when nobody reads, fetches or deletes this model. */
export const alone = <T>(modelId: string, work: () => Promise<T>): Promise<T> => withLock(lockName(modelId), work);

/** Longer than any look at a model takes, and shorter than a transfer, in ms. */
const patienceMs = 2000;

/** Runs `work` while nobody may change this model. @returns null, without running it, when somebody is at it for longer */
export const whileReading = <T>(modelId: string, work: () => Promise<T>): Promise<T | null> =>
  tryLock(lockName(modelId), work, { shared: true, patienceMs });

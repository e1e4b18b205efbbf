import { benchmarkLockName } from '../../shared/domain/benchmark/suite';
import { FailureError } from '../../shared/protocol/failure';
import { tryLock } from '../../shared/platform/web-locks';

/**
 * Runs `work` while no other tab measures.
 * @throws FailureError `benchmark-elsewhere` at once where another one does
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const result = await tryLock(benchmarkLockName, async () => ({ value: await work() }));
  if (result === null) throw new FailureError({ kind: 'benchmark-elsewhere', technical: 'the lock is held' });
  return result.value;
}

import { benchmarkLockName } from '../../shared/domain/benchmark/suite';
import { FailureError } from '../../shared/protocol/failure';

/**
 * Runs `work` while no other tab measures.
 * @throws FailureError `benchmark-elsewhere` at once where another one does
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  if (!locks) return work();
  return locks.request(benchmarkLockName, { ifAvailable: true }, (lock) => {
    if (lock === null) throw new FailureError({ kind: 'benchmark-elsewhere', technical: 'the lock is held' });
    return work();
  });
}

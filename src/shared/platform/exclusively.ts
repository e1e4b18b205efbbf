import { FailureError, type FailureKind } from '../protocol/failure';
import { tryLock } from './web-locks';

/**
 * Runs `work` if nobody else holds the lock.
 * @throws FailureError of the kind `elsewhere`, at once, where somebody does
 */
export async function exclusively<T>(name: string, elsewhere: FailureKind, work: () => Promise<T>): Promise<T> {
  const result = await tryLock(name, async () => ({ value: await work() }));
  if (result === null) throw new FailureError({ kind: elsewhere, technical: `the lock ${name} is held` });
  return result.value;
}

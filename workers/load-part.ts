import { FailureError, failureFrom } from '../src/shared/protocol/failure';

/**
 * Loads a part of a worker that is fetched when it is first needed: `loadPart(() => import('./part'))`. No failure is kept here;
 * Firefox, though, remembers it for the life of the worker: there, only a new worker tries again.
 * @throws FailureError `part-unreachable`
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new FailureError(failureFrom(error, 'part-unreachable'));
  }
}

import { FailureError, failureFrom } from '../../src/contracts/failure';

/**
 * A part of the app that is fetched when it is first needed.
 * @throws FailureError `network-unreachable`. Browsers remember that it failed: only a new worker tries again.
 */
export async function loadedPart<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (error) {
    throw new FailureError(failureFrom(error, 'network-unreachable'));
  }
}

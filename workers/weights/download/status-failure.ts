import { FailureError } from '../../../src/contracts/failure';
import { ContentChanged, parseRetryAfter, PassingTrouble } from './passing-trouble';

const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * What a status that is no success means.
 * @param path the file, named in failures
 * @param wanted what was asked for, for the technical text
 */
export function statusFailure(response: Response, path: string, wanted: string): Error {
  const { status } = response;
  const technical = `${status} for ${wanted}`;
  if (passingStatuses.has(status) || status >= 500) {
    const retryAfterMs = parseRetryAfter(response.headers.get('Retry-After'));
    return new PassingTrouble({ kind: 'network-unreachable', technical }, retryAfterMs);
  }
  // The signed address behind a redirect expires; the next request gets a new one.
  if (status === 403 && response.redirected)
    return new PassingTrouble({ kind: 'download-forbidden', technical, subject: path });
  if (status === 401 || status === 403)
    return new FailureError({ kind: 'download-forbidden', technical, subject: path });
  if (status === 404 || status === 410)
    return new FailureError({ kind: 'download-not-found', technical, subject: path });
  if (status === 416) return new ContentChanged(technical);
  return new FailureError({ kind: 'download-not-weights', technical, subject: path });
}

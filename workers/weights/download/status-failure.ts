import { type Failure, FailureError } from '../../../src/shared/protocol/failure';
import { ContentChanged, parseRetryAfter, PassingTrouble } from './passing-trouble';

const busyStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * What a status that is no success means.
 * @param path the file, named in failures
 * @param url what was asked for: a redirect may have led to another host @param part of it, for the technical text
 */
export function statusFailure(response: Response, path: string, url: string, part = ''): Error {
  const { status } = response;
  const technical = `${status} for ${part}${url}`;
  if (busyStatuses.has(status) || status >= 500) {
    const retryAfterMs = parseRetryAfter(response.headers.get('Retry-After'));
    const busy = busyStatuses.has(status) || (status === 503 && retryAfterMs !== undefined);
    const failure: Failure = {
      kind: busy ? 'host-busy' : 'host-down',
      technical,
      subject: new URL(response.url || url).host,
      ...(retryAfterMs !== undefined && { numbers: { retryAt: Date.now() + retryAfterMs } }),
    };
    return new PassingTrouble(failure, retryAfterMs);
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

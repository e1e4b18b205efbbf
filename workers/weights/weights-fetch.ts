import { RequestLog, type RequestResult } from '../../src/shared/platform/request-log';

const log = new RequestLog('weights');

/**
 * The only `fetch` of the app outside of the page's own files: each request is noted for the Privacy page, with the host that
 * a redirect led to. Nothing of the visitor goes with it: no cookie, no referrer. The HTTP cache is left out, because it would
 * write gigabytes to disk a second time.
 */
export async function fetchWeights(url: string, init: RequestInit): Promise<Response> {
  const at = Date.now();
  const response = await fetch(url, {
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    ...init,
  }).catch((error: unknown) => {
    note(at, url, 0, 'failed');
    throw error;
  });
  const length = response.headers.get('Content-Length');
  const bytes = length === null ? null : Number(length);
  if (response.redirected) note(at, url, 0, 'answered');
  note(at, response.url || url, bytes, response.ok ? 'answered' : 'refused');
  return response;
}

/** Whether the requests for an address are noted here: those to other hosts all are. */
export const isNotedHere = (url: string): boolean => new URL(url).origin !== self.location.origin;

function note(at: number, url: string, bytes: number | null, result: RequestResult): void {
  // The browser's own record has those of our own host, and knows better how large they were.
  if (isNotedHere(url)) log.note(url, { at, purpose: 'model', bytes, result });
}

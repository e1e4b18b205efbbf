import { weightsChannelName, type WeightsEvent } from '../../src/contracts/weights';

const pages = new BroadcastChannel(weightsChannelName);

/**
 * The only `fetch` of the app outside of the page's own files: each request is told to the Privacy page, with the host that a
 * redirect led to. Nothing of the visitor goes with it: no cookie, no referrer. The HTTP cache is left out, because it would
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
    tell(at, url, 0);
    throw error;
  });
  const length = response.headers.get('Content-Length');
  const bytes = init.method === 'HEAD' ? 0 : length === null ? null : Number(length);
  if (response.redirected) tell(at, url, 0);
  tell(at, response.url || url, bytes);
  return response;
}

function tell(at: number, url: string, bytes: number | null): void {
  const { host, pathname } = new URL(url);
  pages.postMessage({ type: 'request', request: { at, host, path: pathname, bytes } } satisfies WeightsEvent);
}

import { FailureError } from '../../../src/contracts/failure';
import { parseUrl } from '../../../src/contracts/parse-url';
import { backoffMs, ContentChanged, PassingTrouble } from '../download/passing-trouble';
import { fetchPart } from '../download/ranged-fetch';
import { fetchWeights } from '../weights-fetch';
import { statusFailure } from '../download/status-failure';
import { hostIsAllowed } from '../../../src/contracts/weight-hosts';

/** A list of files, or a small JSON of a model: what is larger is not what it says it is. */
const mostBytes = 32 * 1024 ** 2;
/** While a person waits for an answer; a download tries for ever. */
const mostTries = 3;

/** Runs `work` again, a few times, when it met something that may pass. @throws FailureError, RangesIgnored, or the signal's reason */
export async function withFewTries<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof ContentChanged)
        throw new FailureError({ kind: 'download-not-weights', technical: error.message });
      if (!(error instanceof PassingTrouble)) throw error;
      if (tries + 1 >= mostTries) throw new FailureError(error.failure);
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? backoffMs(tries, 300)));
    }
  }
}

export interface JsonAnswer {
  readonly value: unknown;
  /** Address of the next page of a list. */
  readonly next: string | null;
}

/**
 * Fetches JSON, whatever type the host gives it.
 * @param what named in failures
 * @throws FailureError
 */
export function fetchJson(url: string, what: string, signal: AbortSignal): Promise<JsonAnswer> {
  if (!hostIsAllowed(url))
    throw new FailureError({ kind: 'host-not-allowed', technical: url, subject: new URL(url).host });
  return withFewTries(signal, async () => {
    const response = await fetchWeights(url, { signal }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new PassingTrouble({ kind: 'network-unreachable', technical: `${String(error)} (${url})` });
    });
    if (!response.ok) throw statusFailure(response, what, url);
    const text = await textOf(response, what);
    try {
      return { value: JSON.parse(text) as unknown, next: nextPage(response.headers.get('Link'), url) };
    } catch {
      const technical = `no JSON at ${url}: ${text.slice(0, 80)}`;
      throw new FailureError({ kind: 'download-not-weights', technical, subject: what });
    }
  });
}

async function textOf(response: Response, what: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  const reader = response.body?.getReader();
  try {
    for (let answer = await reader?.read(); answer && !answer.done; answer = await reader?.read()) {
      text += decoder.decode(answer.value, { stream: true });
      if (text.length > mostBytes)
        throw new FailureError({
          kind: 'download-not-weights',
          technical: `more than ${mostBytes} bytes`,
          subject: what,
        });
    }
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new PassingTrouble({ kind: 'network-unreachable', technical: `${String(error)} (${response.url})` });
  } finally {
    void reader?.cancel().catch(() => {});
  }
  return text + decoder.decode();
}

function nextPage(link: string | null, base: string): string | null {
  const address = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  const url = address === undefined ? null : parseUrl(address, base);
  if (!url) return null;
  // A mirror hands through the hub's own address of the next page; it is asked where the first page was.
  return new URL(url.pathname + url.search, base).href;
}

/** What one byte of a file tells: its length, and its strong entity tag. @throws FailureError */
export function probeFile(url: string, path: string, signal: AbortSignal): Promise<{ bytes: number; etag?: string }> {
  return withFewTries(signal, async () => {
    const part = await fetchPart({ url, path, start: 0, end: 1, signal });
    void part.body.cancel().catch(() => {});
    const bytes = part.total ?? (await lengthByHead(url, signal));
    if (bytes === null)
      throw new FailureError({
        kind: 'download-not-weights',
        technical: `no length is told for ${url}`,
        subject: path,
      });
    return { bytes, ...(part.etag?.startsWith('"') && { etag: part.etag }) };
  });
}

/** Where CORS hides `Content-Range`: `Content-Length` is always told. */
async function lengthByHead(url: string, signal: AbortSignal): Promise<number | null> {
  const response = await fetchWeights(url, { method: 'HEAD', signal }).catch(() => null);
  const length = response?.ok ? response.headers.get('Content-Length') : null;
  return length === null ? null : Number(length);
}

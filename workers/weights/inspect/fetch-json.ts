import { FailureError } from '../../../src/shared/protocol/failure';
import { parseUrl } from '../../../src/shared/platform/parse-url';
import { hostIsAllowed } from '../../../src/shared/platform/weight-hosts';
import { unreachable } from '../download/passing-trouble';
import { fetchPart } from '../download/ranged-fetch';
import { statusFailure } from '../download/status-failure';
import { fetchWeights } from '../weights-fetch';
import { type Look, unlessSilent, withFewTries } from './look';

/** A list of files, or a small JSON of a model: what is larger is not what it says it is. */
const mostBytes = 32 * 1024 ** 2;

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
export function fetchJson(url: string, what: string, look: Look): Promise<JsonAnswer> {
  if (!hostIsAllowed(url))
    throw new FailureError({ kind: 'host-not-allowed', technical: url, subject: new URL(url).host });
  return withFewTries(look, () =>
    unlessSilent(look, url, async (signal, alive) => {
      const response = await answerFrom(url, { signal });
      if (!response.ok) throw statusFailure(response, what, url);
      const text = await textOf(response, what, url, alive);
      try {
        return { value: JSON.parse(text) as unknown, next: nextPage(response.headers.get('Link'), url) };
      } catch {
        const technical = `no JSON at ${url}: ${text.slice(0, 80)}`;
        throw new FailureError({ kind: 'download-not-weights', technical, subject: what });
      }
    }),
  );
}

/** @throws PassingTrouble when the host does not answer, or the signal's reason */
function answerFrom(
  url: string,
  init: { readonly headers?: HeadersInit; readonly signal: AbortSignal },
): Promise<Response> {
  return fetchWeights(url, init).catch((error: unknown) => {
    if (init.signal.aborted) throw error;
    throw unreachable(url, error);
  });
}

async function textOf(response: Response, what: string, url: string, alive: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  const reader = response.body?.getReader();
  try {
    for (let answer = await reader?.read(); answer && !answer.done; answer = await reader?.read()) {
      alive();
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
    throw unreachable(url, error);
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
export function probeFile(url: string, path: string, look: Look): Promise<{ bytes: number; etag?: string }> {
  return withFewTries(look, () =>
    unlessSilent(look, url, async (signal) => {
      const part = await fetchPart({ url, path, start: 0, end: 1, signal });
      void part.body.cancel().catch(() => {});
      const bytes = part.total ?? (await lengthOfAnswer(url, path, signal));
      if (bytes === null)
        throw new FailureError({
          kind: 'download-not-weights',
          technical: `no length is told for ${url}`,
          subject: path,
        });
      return { bytes, ...(part.etag?.startsWith('"') && { etag: part.etag }) };
    }),
  );
}

/**
 * Where CORS hides `Content-Range`: `Content-Length` is always told. Asked with a range to the end, for which browsers ask for the
 * bytes as they are: to HEAD, or without a range, a host answers with the length of what it has compressed.
 */
async function lengthOfAnswer(url: string, path: string, signal: AbortSignal): Promise<number | null> {
  const response = await answerFrom(url, { headers: { Range: 'bytes=0-' }, signal });
  // Only the head of the answer is wanted.
  void response.body?.cancel().catch(() => {});
  if (!response.ok) throw statusFailure(response, path, url);
  const length = response.headers.get('Content-Length');
  return length === null ? null : Number(length);
}

/** One request for a part of a file, and the judgement of what came back. */
import { FailureError } from '../../../src/shared/protocol/failure';
import { hostIsAllowed } from '../../../src/shared/platform/weight-hosts';
import { fetchWeights } from '../weights-fetch';
import { ContentChanged, RangesIgnored, unreachable } from './passing-trouble';
import { statusFailure } from './status-failure';

export interface PartRequest {
  readonly url: string;
  /** Named in failures. */
  readonly path: string;
  /** First byte, and the byte after the last. */
  readonly start: number;
  readonly end: number;
  /** Bytes of the whole file as the manifest has it; undefined when that is to be found out. */
  readonly total?: number | undefined;
  /** The strong entity tag that the stored part has, where there is no hash to tell. */
  readonly etag?: string | undefined;
  readonly signal: AbortSignal;
}

export interface Part {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Bytes of the whole file as the server tells; null where CORS or the server hides it. */
  readonly total: number | null;
  readonly etag: string | null;
}

const textTypes = /^(text\/html|application\/(json|xhtml\+xml)|application\/problem\+json)\b/i;
const textFiles = /\.(json|txt|md|html?)$/i;

/** Hosts that refused `If-Range` in a preflight: it is not among the headers that CORS lets through unasked. */
const withoutIfRange = new Set<string>();

/**
 * Asks for the bytes `start` to `end`.
 * @throws PassingTrouble, RangesIgnored, ContentChanged, or FailureError for what will not pass
 */
export async function fetchPart(request: PartRequest): Promise<Part> {
  const { url, path, start, end } = request;
  if (!hostIsAllowed(url))
    throw new FailureError({ kind: 'host-not-allowed', technical: url, subject: new URL(url).host });
  const response = await withItsRange(request, await send(request));
  if (response.status === 206 || response.ok) {
    const part = judgePart(response, request);
    if (part) return part;
  }
  void response.body?.cancel().catch(() => {});
  throw statusFailure(response, path, url, `bytes ${start} to ${end} of `);
}

/**
 * WebKit loses the range at a redirect when a service worker controls the page, though that answers nothing of this: the whole
 * file comes, for its first bytes and for what a broken download still lacks. Where the redirect led, the range can be asked for.
 */
async function withItsRange(request: PartRequest, response: Response): Promise<Response> {
  const { start, end, total } = request;
  const wantsPart = start > 0 || total === undefined || end < total;
  if (response.status !== 200 || !response.redirected || !wantsPart) return response;
  const part = await send({ ...request, url: response.url }).catch(() => null);
  request.signal.throwIfAborted();
  if (part?.status !== 206) {
    void part?.body?.cancel().catch(() => {});
    return response;
  }
  void response.body?.cancel().catch(() => {});
  return part;
}

async function send(request: PartRequest): Promise<Response> {
  const { url, start, end, etag, signal } = request;
  const { origin } = new URL(url);
  const headers: Record<string, string> = { Range: `bytes=${start}-${end - 1}` };
  const conditional = etag !== undefined && !withoutIfRange.has(origin);
  const attempt = (more: Record<string, string>): Promise<Response> =>
    fetchWeights(url, { headers: { ...headers, ...more }, signal });
  try {
    return await attempt(conditional ? { 'If-Range': etag } : {});
  } catch (error) {
    if (signal.aborted) throw error;
    if (conditional && origin !== self.location.origin) {
      const unconditional = await attempt({}).catch(() => undefined);
      if (unconditional) {
        withoutIfRange.add(origin);
        return unconditional;
      }
    }
    throw unreachable(url, error);
  }
}

/** @returns undefined when the status is not one to judge here */
function judgePart(response: Response, { path, start, end, total, etag, url }: PartRequest): Part | undefined {
  const { headers, body, status } = response;
  if (!body) return undefined;
  const refuse = (error: Error): never => {
    void body.cancel().catch(() => {});
    throw error;
  };
  const type = headers.get('Content-Type') ?? '';
  if (textTypes.test(type) && !textFiles.test(path)) {
    const technical = `${type} with status ${status} from ${response.url}`;
    refuse(new FailureError({ kind: 'download-not-weights', technical, subject: path }));
  }
  const tag = headers.get('ETag');
  if (etag !== undefined && tag !== null && tag !== etag)
    refuse(new ContentChanged(`ETag ${tag} instead of ${etag} at ${url}`));
  const length = numberOrNull(headers.get('Content-Length'));
  if (status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '');
    const told = range?.[3] === '*' ? null : numberOrNull(range?.[3] ?? null);
    if (told !== null && total !== undefined && told !== total)
      refuse(new ContentChanged(`${told} bytes instead of ${total} at ${url}`));
    if (range && (Number(range[1]) !== start || Number(range[2]) >= end)) {
      const technical = `asked for bytes from ${start} to ${end} of ${url}, got ${range[0]}`;
      refuse(new FailureError({ kind: 'download-not-weights', technical, subject: path }));
    }
    return { body, total: told, etag: tag };
  }
  // A whole file. With the condition sent, it means: another content than the stored one.
  if (etag !== undefined && start > 0 && tag !== etag && !withoutIfRange.has(new URL(url).origin))
    refuse(new ContentChanged(`the whole file instead of a part of ${url}`));
  if (total !== undefined && length !== null && length !== total && headers.get('Content-Encoding') === null) {
    const technical = `${length} bytes instead of ${total} from ${url}`;
    refuse(new FailureError({ kind: 'download-not-weights', technical, subject: path }));
  }
  if (start > 0 || (total !== undefined && end < total)) refuse(new RangesIgnored(url));
  return { body, total: length, etag: tag };
}

const numberOrNull = (text: string | null): number | null =>
  text !== null && /^\d+$/.test(text) ? Number(text) : null;

/** The only requests of the server worker: each is noted for the Privacy page, with what it carried. */
import { placeOf, shortAddress, type ServerConnection } from '../../src/shared/domain/server';
import { FailureError } from '../../src/shared/protocol/failure';
import { RequestLog, type RequestResult } from '../../src/shared/platform/request-log';
import { admit } from './admitted';
import { readJson, readWhole } from './read-body';
import { failureOfAnswer } from './server-failures';

const log = new RequestLog('server');

/** Whom to ask, and with which key. */
export type Access = Pick<ServerConnection, 'kind' | 'address' | 'key'>;

interface Question {
  /** Sent as JSON, by POST. Absent: GET. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Where words go. Nothing that is asked elsewhere carries any. */
export const chatPath = '/chat/completions';

/**
 * Asks a server. Nothing of the visitor goes with it but the body and the key: no cookie, no referrer. A redirect is not
 * followed: the words would go where nobody has agreed to.
 * @param path absolute, or from the server's address
 * @returns an answer of the kind 200; its body has not been read
 * @throws FailureError of a kind that begins with `server-`, or `context-exceeded`; an `AbortError` after an abort
 */
export async function askServer(access: Access, path: string, { body, signal }: Question = {}): Promise<Response> {
  admit(access.address);
  const subject = shortAddress(access.address);
  const url = path.startsWith('http') ? path : `${access.address}${path}`;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const at = Date.now();
  const note = (result: RequestResult): void => {
    const sentBytes = text === undefined ? 0 : new TextEncoder().encode(text).length;
    const purpose = path === chatPath ? 'server' : 'server-check';
    // How long an answer is that is still being written, nobody knows yet.
    log.note(url, { at, purpose, bytes: null, sentBytes, result });
  };
  let response: Response;
  try {
    response = await fetch(url, { ...initOf(access, text), ...(signal && { signal }) });
  } catch (error) {
    note('failed');
    if (signal?.aborted) throw new DOMException('aborted', 'AbortError');
    const technical = `${error instanceof Error ? error.message : String(error)} (${url})`;
    const kind = (await hidesRefusal(access, path, signal)) ? 'server-key' : 'server-unreachable';
    throw new FailureError({ kind, technical, subject });
  }
  note(response.ok ? 'answered' : 'refused');
  if (response.type === 'opaqueredirect')
    throw new FailureError({
      kind: 'server-not-understood',
      technical: `${url} redirects to another address, which is not followed`,
      subject,
    });
  if (!response.ok) throw new FailureError(await failureOfAnswer(response, subject));
  return response;
}

/**
 * vLLM looks at the key before it looks at the page, and its refusal lets no page read it: it looks as if nothing had answered.
 * Its health may be read without a key.
 */
async function hidesRefusal(access: Access, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  const health = `${rootOf(access.address)}/health`;
  if (access.kind !== 'vllm' || path === health) return false;
  return askServer({ kind: access.kind, address: access.address }, health, signal && { signal }).then(
    () => true,
    () => false,
  );
}

/** Where a server has what is its own, beside what all of them have. */
export const rootOf = (address: string): string => address.replace(/\/v1$/, '');

/**
 * Asks for facts, which come whole or not at all.
 * @param limitMs from the question to the last byte
 * @throws FailureError of a kind that begins with `server-`; an `AbortError` after an abort
 */
export async function askFacts(
  access: Access,
  path: string,
  { body, signal, limitMs }: Question & { readonly limitMs: number },
): Promise<unknown> {
  signal?.throwIfAborted();
  const subject = shortAddress(access.address);
  const limit = new AbortController();
  const stop = (): void => limit.abort();
  const timer = setTimeout(stop, limitMs);
  signal?.addEventListener('abort', stop);
  let hasAnswered = false;
  try {
    const response = await askServer(access, path, { body, signal: limit.signal });
    hasAnswered = true;
    return readJson(await readWhole(response, subject), subject);
  } catch (error) {
    if (signal?.aborted || !limit.signal.aborted) throw error;
    const kind = hasAnswered ? 'server-not-understood' : 'server-unreachable';
    throw new FailureError({ kind, technical: `no whole answer within ${limitMs} ms`, subject });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function initOf({ address, key }: Access, text: string | undefined): RequestInit {
  // Chromium lets an https page ask http in the local network only where the request says that it means to.
  const local = placeOf(address, self.location.origin) === 'network' && address.startsWith('http:');
  return {
    method: text === undefined ? 'GET' : 'POST',
    mode: 'cors',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    redirect: 'manual',
    headers: {
      ...(text !== undefined && { 'Content-Type': 'application/json' }),
      ...(key !== undefined && key !== '' && { Authorization: `Bearer ${key}` }),
    },
    ...(text !== undefined && { body: text }),
    ...(local && self.location.protocol === 'https:' && { targetAddressSpace: 'local' }),
  };
}

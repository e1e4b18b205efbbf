/** The only requests of the server worker: each is noted for the Privacy page, with what it carried. */
import { placeOf, shortAddress, type ServerConnection } from '../../src/shared/domain/server';
import { FailureError } from '../../src/shared/protocol/failure';
import { RequestLog, type RequestResult } from '../../src/shared/platform/request-log';
import { admit } from './admitted';
import { failureOfAnswer } from './server-failures';

const log = new RequestLog('server');

/** Whom to ask, and with which key. */
export type Access = Pick<ServerConnection, 'address' | 'key'>;

interface Question {
  /** Sent as JSON, by POST. Absent: GET. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Asks a server. Nothing of the visitor goes with it but the body and the key: no cookie, no referrer. A redirect is not
 * followed: the words would go where nobody has agreed to.
 * @param path absolute, or from the server's address
 * @returns an answer of the kind 200; its body has not been read
 * @throws FailureError of a kind that begins with `server-`, or `context-exceeded`; an `AbortError` after an abort
 */
export async function askServer(access: Access, path: string, { body, signal }: Question = {}): Promise<Response> {
  admit(access.address);
  const url = path.startsWith('http') ? path : `${access.address}${path}`;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const at = Date.now();
  const note = (result: RequestResult): void => {
    const sentBytes = text === undefined ? 0 : new TextEncoder().encode(text).length;
    // How long an answer is that is still being written, nobody knows yet.
    log.note(url, { at, purpose: text === undefined ? 'server-check' : 'server', bytes: null, sentBytes, result });
  };
  const response = await fetch(url, { ...initOf(access, text), ...(signal && { signal }) }).catch((error: unknown) => {
    const aborted = signal?.aborted === true;
    note(aborted ? 'answered' : 'failed');
    if (aborted) throw new DOMException('aborted', 'AbortError');
    throw new FailureError({
      kind: 'server-unreachable',
      technical: `${error instanceof Error ? error.message : String(error)} (${url})`,
      subject: shortAddress(access.address),
    });
  });
  note(response.ok ? 'answered' : 'refused');
  if (response.type === 'opaqueredirect')
    throw new FailureError({
      kind: 'server-not-understood',
      technical: `${url} redirects to another address, which is not followed`,
      subject: shortAddress(access.address),
    });
  if (!response.ok) throw new FailureError(await failureOfAnswer(response, shortAddress(access.address)));
  return response;
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

/** The largest answer that is read whole, in bytes: a list of models, and more. */
const mostBytes = 8 * 2 ** 20;

/** An answer as the JSON that it should be. @throws FailureError `server-not-understood` */
export async function readJson(response: Response, subject: string): Promise<unknown> {
  const refuse = (technical: string): never => {
    throw new FailureError({ kind: 'server-not-understood', technical, subject });
  };
  const text = await readText(response, mostBytes);
  if (text === null) return refuse(`the answer is longer than ${mostBytes} bytes`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse(`no JSON: ${text.slice(0, 200)}`);
  }
}

/** The text of a body; null where it is longer than `most` bytes. What lies behind is not fetched. */
export async function readText(response: Response, most: number): Promise<string | null> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > most) {
      void reader.cancel().catch(() => {});
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

import type { ReleaseFile } from '../../src/shared/protocol/app-release';
import { RequestLog } from '../../src/shared/platform/request-log';

const log = new RequestLog('service-worker');

/** What came is not the file that was built: the page of a captive portal, an error page, another version. */
export class WrongContent extends Error {
  override readonly name = 'WrongContent';
}

const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const hasHash = async (content: ArrayBuffer, sha256: string): Promise<boolean> =>
  hexOf(await crypto.subtle.digest('SHA-256', content)) === sha256;

/** A response with the file and the headers that a careful host would send. */
export const responseWith = (
  content: ArrayBuffer,
  file: ReleaseFile,
  headers: Readonly<Record<string, string>>,
): Response =>
  new Response(content, {
    headers: { ...headers, 'Content-Type': file.mediaType, 'Content-Length': String(content.byteLength) },
  });

async function fetchOnce(url: string, file: ReleaseFile, cache: RequestCache): Promise<ArrayBuffer> {
  const at = Date.now();
  const told = { at, purpose: 'offline-copy' } as const;
  let content: ArrayBuffer;
  let status: number;
  try {
    // No referrer and no cookies: the host learns nothing but that the file is wanted.
    const response = await fetch(url, { cache, credentials: 'omit', referrerPolicy: 'no-referrer' });
    ({ status } = response);
    content = await response.arrayBuffer();
  } catch (error) {
    log.note(url, { ...told, bytes: 0, result: 'failed' });
    throw error;
  }
  const right = status === 200 && (await hasHash(content, file.sha256));
  log.note(url, { ...told, bytes: content.byteLength, result: right ? 'answered' : 'refused' });
  if (!right) throw new WrongContent(`${file.path}: status ${status}, ${content.byteLength} bytes with another hash`);
  return content;
}

/**
 * Fetches a file of a release and checks that it is that file. The browser's own cache may answer at first, as the page has
 * just loaded the same file; when it holds something else, the host itself is asked.
 * @throws WrongContent, or TypeError without a network
 */
export async function fetchFile(url: string, file: ReleaseFile): Promise<ArrayBuffer> {
  try {
    return await fetchOnce(url, file, 'default');
  } catch (error) {
    if (!(error instanceof WrongContent)) throw error;
    return fetchOnce(url, file, 'reload');
  }
}

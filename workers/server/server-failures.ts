/** What a server's refusals mean. All of these servers word them differently; the status says most. */
import type { Failure, FailureKind } from '../../src/shared/protocol/failure';
import { fieldsOf } from '../../src/shared/domain/fields';
import { readText } from './ask-server';

/** Of an error's body, in bytes: the words are in its beginning. */
const mostErrorBytes = 64 * 1024;

/** How the five say that a prompt does not fit the window. */
const tooLong =
  /context (length|size|window)|maximum context|exceeds? the (available )?context|n_ctx|too many tokens|prompt is too long|exceed_context_size/i;
const noModel = /model .*(not found|does not exist|not loaded|unknown)|no models? (is )?loaded|pull/i;

const byStatus: Readonly<Record<number, FailureKind>> = {
  401: 'server-key',
  403: 'server-key',
  404: 'server-lacks-model',
  429: 'server-busy',
};

/** @param response of a status other than 200 @param subject names the server @returns the failure; its body is read */
export async function failureOfAnswer(response: Response, subject: string): Promise<Failure> {
  const text = (await readText(response, mostErrorBytes).catch(() => '')) ?? '';
  const { status } = response;
  const retryAt = status === 429 || status === 503 ? retryTime(response.headers.get('Retry-After')) : undefined;
  return {
    kind: kindOf(status, text),
    technical: `HTTP ${status}: ${errorWords(text)}`,
    subject,
    ...(retryAt !== undefined && { numbers: { retryAt } }),
  };
}

/** @param text of the error, as the server says it, whether as an answer or in the middle of one */
export function kindOf(status: number, text: string): FailureKind {
  if ((status === 400 || status === 413 || status === 500) && tooLong.test(text)) return 'context-exceeded';
  if (status === 400 && noModel.test(text)) return 'server-lacks-model';
  return byStatus[status] ?? 'server-error';
}

/** The words of an error: `{error: {message}}`, `{error: "…"}`, `{message}`, or the text as it is. */
export function errorWords(text: string): string {
  try {
    const { error, message } = fieldsOf(JSON.parse(text));
    const words = typeof error === 'string' ? error : (fieldsOf(error)['message'] ?? message);
    if (typeof words === 'string') return words.slice(0, 500);
  } catch {
    // A page, or plain words.
  }
  return text.slice(0, 500);
}

/** @param header seconds or a date @returns ms since the epoch */
function retryTime(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return Date.now() + seconds * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : date;
}

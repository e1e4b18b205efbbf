/** What a server's refusals mean. All of these servers word them differently; the status says most. */
import type { Failure, FailureKind } from '../../src/shared/protocol/failure';
import { fieldsOf, timeIn } from '../../src/shared/domain/fields';
import { readText } from './read-body';

/** Of an error's body, in bytes: the words are in its beginning. */
const mostErrorBytes = 64 * 1024;

/** How the five say that a prompt does not fit the window. */
const tooLong =
  /context (length|size|window)|maximum context|exceeds? the (available )?context|n_ctx|too many tokens|prompt is too long|exceed_context_size/i;
const noModel =
  /model_not_found|invalid model|model\b.*(not found|does not exist|not loaded|unknown)|no models? (is )?loaded|no running session|\bpull/i;

const byStatus: Readonly<Record<number, FailureKind>> = {
  401: 'server-key',
  403: 'server-key',
  // A path that it does not know: it is another server, or its address is another one.
  404: 'server-not-understood',
  405: 'server-not-understood',
  429: 'server-busy',
};

/** @param response of a status other than 200 @param subject names the server @returns the failure; its body is read */
export async function failureOfAnswer(response: Response, subject: string): Promise<Failure> {
  const text = (await readText(response, mostErrorBytes).catch(() => '')) ?? '';
  const { status } = response;
  const kind = kindOf(status, text);
  const retryAt = status === 429 || status === 503 ? retryTime(response.headers.get('Retry-After')) : undefined;
  const numbers = retryAt !== undefined ? { retryAt } : kind === 'context-exceeded' ? sizesIn(text) : undefined;
  return { kind, technical: `HTTP ${status}: ${errorWords(text)}`, subject, ...(numbers && { numbers }) };
}

/** How long a refused prompt was, and how long it may be, in tokens, as far as the words of a refusal tell both. */
export function sizesIn(text: string): { readonly promptTokens: number; readonly contextTokens: number } | undefined {
  const numberIn = (pattern: RegExp): number => Number(pattern.exec(text)?.slice(1).find(Boolean));
  const promptTokens = numberIn(
    /request \((\d+) tokens\)|(\d+) input tokens|(\d+) in the messages|first (\d+) tokens/i,
  );
  const contextTokens = numberIn(/context (?:length|size|window)\D{1,12}(\d+)/i);
  return promptTokens > 0 && contextTokens > 0 ? { promptTokens, contextTokens } : undefined;
}

/** @param text of the error, as the server says it, whether as an answer or in the middle of one */
export function kindOf(status: number, text: string): FailureKind {
  if ((status === 400 || status === 413 || status === 500) && tooLong.test(text)) return 'context-exceeded';
  if ((status === 400 || status === 404) && noModel.test(text)) return 'server-lacks-model';
  return byStatus[status] ?? 'server-error';
}

/** The words of an error: `{error: {message}}`, `{error: "…"}`, `{message}`, `{detail}`, `"…"`, or the text as it is. */
export function errorWords(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const { error, message, detail } = fieldsOf(value);
    const words = [value, error, fieldsOf(error)['message'], message, detail].find((one) => typeof one === 'string');
    if (typeof words === 'string') return words.slice(0, 500);
  } catch {
    // A page, or plain words.
  }
  return text.slice(0, 500);
}

/** @param header seconds or a date @returns ms since the epoch; undefined for what is neither */
function retryTime(header: string | null): number | undefined {
  if (header === null) return undefined;
  // Dates have names of days and months in them; a browser also takes much else for a date.
  if (!/^\d+$/.test(header.trim())) return /[a-z]{3}/i.test(header) ? timeIn(Date.parse(header)) : undefined;
  return timeIn(Date.now() + Number(header) * 1000);
}

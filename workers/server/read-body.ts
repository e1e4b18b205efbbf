/** Bodies of answers, no longer than they may be: what a server sends has no end unless it wants one. */
import { FailureError } from '../../src/shared/protocol/failure';

/** The largest answer that is read whole, in bytes: a list of models, and more. */
const mostBytes = 8 * 2 ** 20;

const noJson = (technical: string, subject: string): FailureError =>
  new FailureError({ kind: 'server-not-understood', technical, subject });

/** A text as the JSON that it should be. @throws FailureError `server-not-understood` */
export function readJson(text: string, subject: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw noJson(`no JSON: ${text.slice(0, 200)}`, subject);
  }
}

/** @throws FailureError `server-not-understood` for a text that is too long, `server-broke-off`; an `AbortError` after an abort */
export async function readWhole(response: Response, subject: string): Promise<string> {
  const text = await readText(response, mostBytes).catch((error: unknown) => {
    if ((error as Error).name === 'AbortError') throw error;
    throw new FailureError({ kind: 'server-broke-off', technical: String(error), subject });
  });
  if (text === null) throw noJson(`the answer is longer than ${mostBytes} bytes`, subject);
  return text;
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

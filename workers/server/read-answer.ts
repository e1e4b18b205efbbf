/** Reads a server's answer to its end, whichever way it comes. */
import { FailureError } from '../../src/shared/protocol/failure';
import type { AnswerStream } from './answer-stream';
import { readWhole } from './read-body';
import { endOfStream, eventData, piecesOf } from './event-stream';
import type { Patience } from './patience';

/**
 * Gives an answer everything that comes for it.
 * @param subject names the server
 * @throws FailureError of a kind that begins with `server-`, or `context-exceeded`; an `AbortError` after an abort
 */
export async function readAnswer(
  response: Response,
  answer: AnswerStream,
  patience: Patience,
  subject: string,
): Promise<void> {
  const type = response.headers.get('Content-Type') ?? '';
  if (/\bhtml\b/.test(type))
    throw new FailureError({ kind: 'server-not-understood', technical: `the answer is ${type}`, subject });
  // Some stream nothing, whatever they are asked.
  if (/\bjson\b/.test(type)) return answer.take(await readWhole(response, subject));
  if (!response.body) return;
  const silence = (): number | null => {
    if (answer.isWhole) return patience.afterEndMs;
    return answer.hasBegun ? patience.silenceMs : null;
  };
  try {
    for await (const data of eventData(piecesOf(response.body, silence))) {
      if (data.trim() === endOfStream) return;
      answer.take(data);
    }
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    // Only the end was missing, which nobody needs any more.
    if (answer.isWhole && error.failure.kind === 'server-broke-off') return;
    throw new FailureError({ subject, ...error.failure });
  }
}

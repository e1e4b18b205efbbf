/**
 * Server-sent events as they come over the wire: pieces may end anywhere, also inside a character or between the two bytes that
 * end a line. The browser's own `EventSource` can send neither a body nor a key.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
import { FailureError, type FailureKind } from '../../src/shared/protocol/failure';

/** The longest event, in characters: a token is some hundred. Something without an end must not fill the memory. */
const mostCharacters = 2 ** 20;

/** What a server answers behind its answers. */
export const endOfStream = '[DONE]';

const refuse = (kind: FailureKind, technical: string): never => {
  throw new FailureError({ kind, technical });
};

/**
 * The data of each event, in order. An event without data is none.
 * @param pieces of the body, in order
 * @throws FailureError `server-not-understood` for an event without an end, `server-broke-off` for a half one at the end
 */
export async function* eventData(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string | null = null;
  for await (const { text, isWhole } of linesOf(pieces)) {
    // Anything else is a comment, a name, or an id: nobody needs them.
    const value = /^data(?:: ?|$)/.exec(text);
    if (value) data = data === null ? text.slice(value[0].length) : `${data}\n${text.slice(value[0].length)}`;
    if ((data?.length ?? 0) > mostCharacters) refuse('server-not-understood', 'an event without an end');
    if (value && !isWhole && !isComplete(data ?? '')) refuse('server-broke-off', 'the stream ended inside an event');
    if (text !== '' && isWhole) continue;
    if (data !== null && data !== '') yield data;
    data = null;
  }
}

/** Some leave out the end of the last line; others are cut off there. Only what is inside tells one from the other. */
function isComplete(data: string): boolean {
  if (data.trim() === endOfStream) return true;
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}

interface Line {
  readonly text: string;
  /** False for what lies behind the last line's end: it comes last, and is mostly empty. */
  readonly isWhole: boolean;
}

/** Lines end with a line feed, a carriage return, or both. @throws FailureError `server-not-understood` for a line without an end */
async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  // In parts: a long line in many pieces would be searched and copied again with each of them.
  let parts: string[] = [];
  let length = 0;
  let endedByReturn = false;
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true });
    if (text === '') continue;
    // The second half of a line's end that came in two pieces.
    let from = endedByReturn && text.startsWith('\n') ? 1 : 0;
    endedByReturn = false;
    for (let end = lineEnd(text, from); end !== -1; end = lineEnd(text, from)) {
      yield { text: parts.join('') + text.slice(from, end), isWhole: true };
      parts = [];
      length = 0;
      endedByReturn = text[end] === '\r' && end + 1 === text.length;
      from = end + (text.startsWith('\r\n', end) ? 2 : 1);
    }
    parts.push(text.slice(from));
    length += text.length - from;
    if (length > mostCharacters) refuse('server-not-understood', 'a line without an end');
  }
  yield { text: parts.join('') + decoder.decode(), isWhole: false };
}

const lineEnds = /[\r\n]/g;

function lineEnd(text: string, from: number): number {
  lineEnds.lastIndex = from;
  return lineEnds.exec(text)?.index ?? -1;
}

/**
 * The pieces of a body until it ends, with an end to a silence.
 * @param silenceMs how long may pass before the next piece, asked anew for each; null for as long as it takes
 * @throws FailureError `server-broke-off` for a silence that is too long, or a connection that is cut
 */
export async function* piecesOf(
  body: ReadableStream<Uint8Array>,
  silenceMs: () => number | null,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silenceMs());
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (error instanceof FailureError || (error as Error).name === 'AbortError') throw error;
    refuse('server-broke-off', String(error));
  } finally {
    // A server that never closes is not listened to any longer.
    void reader.cancel().catch(() => {});
  }
}

function within<T>(reading: Promise<T>, milliseconds: number | null): Promise<T> {
  if (milliseconds === null) return reading;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new FailureError({ kind: 'server-broke-off', technical: `nothing came for ${milliseconds} ms` })),
      milliseconds,
    );
    reading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

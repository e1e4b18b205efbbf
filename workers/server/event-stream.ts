/**
 * Server-sent events as they come over the wire: pieces may end anywhere, also inside a character or between the two bytes that
 * end a line. The browser's own `EventSource` can send neither a body nor a key.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
import { FailureError, type FailureKind } from '../../src/shared/protocol/failure';

/** The longest event, in characters: a token is some hundred. Something without an end must not fill the memory. */
const mostCharacters = 2 ** 20;

const refuse = (kind: FailureKind, technical: string): never => {
  throw new FailureError({ kind, technical });
};

/**
 * The data of each event, in order.
 * @param pieces of the body, in order
 * @throws FailureError `server-not-understood` for an event without an end
 */
export async function* eventData(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string | null = null;
  for await (const piece of pieces) {
    rest += decoder.decode(piece, { stream: true });
    // A carriage return at the end may be the first half of a line's end.
    for (let end = lineEnd(rest); end !== null; end = lineEnd(rest)) {
      const line = rest.slice(0, end.from);
      rest = rest.slice(end.to);
      if (line === '') {
        if (data !== null) yield data;
        data = null;
      } else if (line.startsWith('data:')) {
        const value = line.slice(5).replace(/^ /, '');
        data = data === null ? value : `${data}\n${value}`;
      }
      // Anything else is a comment, a name, or an id: nobody needs them.
      if ((data?.length ?? 0) > mostCharacters) refuse('server-not-understood', 'an event without an end');
    }
    if (rest.length > mostCharacters) refuse('server-not-understood', 'a line without an end');
  }
  // Some leave out the empty line behind the last event.
  const last = /^data: ?(.*)/.exec(rest)?.[1];
  if (data !== null || last !== undefined)
    yield [data, last].filter((part) => part !== undefined && part !== null).join('\n');
}

function lineEnd(text: string): { readonly from: number; readonly to: number } | null {
  const from = text.search(/[\r\n]/);
  if (from === -1) return null;
  if (text[from] === '\n') return { from, to: from + 1 };
  if (from + 1 === text.length) return null;
  return { from, to: text[from + 1] === '\n' ? from + 2 : from + 1 };
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

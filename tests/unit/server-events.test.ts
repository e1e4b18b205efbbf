import { describe, expect, it } from 'vitest';
import { FailureError } from '../../src/shared/protocol/failure';
import { eventData, piecesOf } from '../../workers/server/event-stream';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* inPieces(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

async function read(...pieces: readonly Uint8Array[]): Promise<readonly string[]> {
  const events: string[] = [];
  for await (const data of eventData(inPieces(...pieces))) events.push(data);
  return events;
}

const failureOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof FailureError ? error.failure.kind : `no failure: ${String(error)}`;
};

/** Three kinds of ends, comments, names, ids, several lines of data, characters of two, three and four bytes. */
const streams = {
  'line feeds': `: ping\n\nevent: x\nid: 7\ndata: {"a":"é"}\n\ndata: 中文\ndata:second\n\ndata: 🦉\n\ndata: [DONE]\n\n`,
  'carriage returns and line feeds': `: ping\r\n\r\nevent: x\r\nid: 7\r\ndata: {"a":"é"}\r\n\r\ndata: 中文\r\ndata:second\r\n\r\ndata: 🦉\r\n\r\ndata: [DONE]\r\n\r\n`,
  'carriage returns': `: ping\r\revent: x\rid: 7\rdata: {"a":"é"}\r\rdata: 中文\rdata:second\r\rdata: 🦉\r\rdata: [DONE]\r\r`,
};
const expected = ['{"a":"é"}', '中文\nsecond', '🦉', '[DONE]'];

describe('a stream of events', () => {
  it.each(Object.entries(streams))('with %s is the same wherever it is split', async (_, stream) => {
    const bytes = bytesOf(stream);
    for (let at = 0; at <= bytes.length; at += 1)
      expect(await read(bytes.subarray(0, at), bytes.subarray(at)), `split at ${at}`).toEqual(expected);
    expect(await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('may begin with a byte order mark, and may lack the empty line behind its last event', async () => {
    expect(await read(bytesOf('\ufeffdata: a\n\ndata: {"b":1}\n'))).toEqual(['a', '{"b":1}']);
    expect(await read(bytesOf('data: a\n\ndata: [DONE]'))).toEqual(['a', '[DONE]']);
    expect(await read(bytesOf('data: a\n\ndata: {"b":1}'))).toEqual(['a', '{"b":1}']);
    expect(await read(bytesOf(''))).toEqual([]);
  });

  it('has no event where there is no data', async () => {
    expect(await read(bytesOf('event: ping\n\ndata:\n\ndata: \n\nretry: 3\n\ndata: a\n\n'))).toEqual(['a']);
  });

  it('that ends inside an event has broken off, which is not the same as something else than events', async () => {
    expect(await failureOf(read(bytesOf('data: {"a":1}\n\ndata: {"choices":[{"del')))).toBe('server-broke-off');
  });

  it('is refused when an event or a line has no end, however it comes', async () => {
    const block = bytesOf('a'.repeat(2 ** 16));
    const blocks = Array.from({ length: 20 }, () => block);
    expect(await failureOf(read(bytesOf('data: '), ...blocks))).toBe('server-not-understood');
    const lines = Array.from({ length: 20 }, () => bytesOf(`data: ${'a'.repeat(2 ** 16)}\n`));
    expect(await failureOf(read(...lines))).toBe('server-not-understood');
    const comments = Array.from({ length: 40 }, () => bytesOf(`: ${'a'.repeat(2 ** 16)}\n`));
    expect(await read(...comments, bytesOf('data: a\n\n'))).toEqual(['a']);
  });

  it('of a long line in many pieces takes no longer than of a short one', async () => {
    const piece = bytesOf('a'.repeat(40));
    const startedAt = performance.now();
    const [data] = await read(bytesOf('data: '), ...Array.from({ length: 25_000 }, () => piece), bytesOf('\n\n'));
    expect(data?.length).toBe(1_000_000);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

describe('the pieces of a body', () => {
  const body = (start: (controller: ReadableStreamDefaultController<Uint8Array>) => void, cancel?: () => void) =>
    new ReadableStream<Uint8Array>({ start, ...(cancel && { cancel }) });
  const all = async (stream: ReadableStream<Uint8Array>, silenceMs: number | null): Promise<number> => {
    let bytes = 0;
    for await (const piece of piecesOf(stream, () => silenceMs)) bytes += piece.length;
    return bytes;
  };

  it('end with the body', async () => {
    const stream = body((controller) => {
      controller.enqueue(bytesOf('ab'));
      controller.enqueue(bytesOf('c'));
      controller.close();
    });
    expect(await all(stream, null)).toBe(3);
  });

  it('end with a failure after a silence, and the body is given up', async () => {
    let canceled = 0;
    const stream = body(
      (controller) => controller.enqueue(bytesOf('ab')),
      () => void (canceled += 1),
    );
    expect(await failureOf(all(stream, 30))).toBe('server-broke-off');
    expect(canceled).toBe(1);
  });

  it('end with a failure when the connection is cut', async () => {
    const stream = body((controller) => {
      controller.enqueue(bytesOf('ab'));
      setTimeout(() => controller.error(new TypeError('network error')), 5);
    });
    expect(await failureOf(all(stream, 1000))).toBe('server-broke-off');
  });

  it('end as an abort ends a request', async () => {
    const stream = body((controller) => controller.error(new DOMException('aborted', 'AbortError')));
    await expect(all(stream, null)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('give the body up when nobody wants more of it', async () => {
    let canceled = 0;
    const stream = body(
      (controller) => {
        controller.enqueue(bytesOf('data: [DONE]\n\n'));
        controller.enqueue(bytesOf('data: more\n\n'));
      },
      () => void (canceled += 1),
    );
    for await (const data of eventData(piecesOf(stream, () => null))) if (data === '[DONE]') break;
    expect(canceled).toBe(1);
  });
});

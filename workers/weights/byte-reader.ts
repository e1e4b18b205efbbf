import { pieceStream } from '../file-content';

/** Bytes of a read, good until the next one. */
type Bytes = Uint8Array<ArrayBuffer>;

/** Large enough for few calls, small enough to stay in the processor's cache. */
const scratchBytes = 512 * 1024;

/**
 * Reads a stream of bytes through one buffer, used again for each read: fresh ones would lie around as garbage by the hundred
 * megabytes, because the garbage collector does not hurry. Where the browser cannot do that, they do.
 */
export class ByteReader {
  readonly #byob: ReadableStreamBYOBReader | null;
  readonly #plain: ReadableStreamDefaultReader<Bytes> | null;
  #scratch = new ArrayBuffer(0);

  constructor(stream: ReadableStream<Bytes>) {
    this.#byob = byobReader(stream);
    this.#plain = this.#byob ? null : stream.getReader();
  }

  /** The next bytes; null at the end. @throws what the stream throws */
  async read(): Promise<Bytes | null> {
    if (this.#plain) return (await this.#plain.read()).value ?? null;
    if (this.#scratch.byteLength === 0) this.#scratch = new ArrayBuffer(scratchBytes);
    const answer = await this.#byob?.read(new Uint8Array(this.#scratch));
    // The buffer went into the stream, and comes back under another name.
    if (answer?.value) this.#scratch = answer.value.buffer;
    return answer?.done === false ? answer.value : null;
  }

  /** Lets go of the stream; what has not been read is not fetched. */
  cancel(): void {
    void (this.#byob ?? this.#plain)?.cancel().catch(() => {});
  }
}

/**
 * The bytes of a Blob in order, each piece good until the next one. By slices where a stream cannot use one buffer again: it
 * would be slower there, and some browsers have none in workers.
 * @throws DOMException when they cannot be read any more
 */
export async function* piecesOf(blob: Blob): AsyncGenerator<Bytes> {
  const reader = new ByteReader(hasByteStreams() ? blob.stream() : pieceStream(blob));
  for (let bytes = await reader.read(); bytes; bytes = await reader.read()) yield bytes;
}

let byteStreams: boolean | undefined;

/** Whether this browser streams Blobs into a buffer that is used again. */
function hasByteStreams(): boolean {
  byteStreams ??= 'stream' in Blob.prototype && byobReader(new Blob([]).stream()) !== null;
  return byteStreams;
}

function byobReader(stream: ReadableStream<Bytes>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}

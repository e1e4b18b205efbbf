/** Fetches segments over one connection, and stores them chunk by chunk. */
import { FailureError } from '../../../src/shared/protocol/failure';
import { ByteReader } from '../byte-reader';
import type { Segment } from './file-transfer';
import { unreachable } from './passing-trouble';
import { fetchPart } from './ranged-fetch';
import type { ChunkWriter } from './chunk-writer';

interface FetchContext {
  readonly writer: ChunkWriter;
  readonly signal: AbortSignal;
  /** A connection that is silent for so long is dead, whatever the system says: after a night's sleep it would stay open for ever. */
  readonly stallMs: number;
  /** Bytes have come in. */
  readonly onBytes: () => void;
}

/**
 * Fetches the chunks of a segment; the last of them may still be on its way to the disk when this resolves. Whatever ends it
 * early (a pause, a cut connection), each byte that has arrived is stored.
 * @throws what `fetchPart` and `ChunkWriter` throw, and PassingTrouble when the body ends early
 */
export async function fetchSegment(segment: Segment, url: string, context: FetchContext): Promise<void> {
  const { transfer, first, end } = segment;
  const { signal, writer, onBytes } = context;
  const { file } = transfer;
  const start = transfer.startOf(first) + (await writer.begin(transfer, first));
  const last = Math.min(transfer.startOf(end), file.bytes);
  const abort = new AbortController();
  const stop = (): void => abort.abort(signal.reason);
  signal.addEventListener('abort', stop);
  const stall = new StallWatch(context.stallMs, abort);
  try {
    signal.throwIfAborted();
    const etag = file.sha256 === undefined && file.gitSha1 === undefined ? file.etag : undefined;
    const part = await fetchPart({
      url,
      path: file.path,
      start,
      end: last,
      total: file.bytes,
      etag,
      signal: abort.signal,
    });
    const reader = new ByteReader(part.body);
    try {
      for (let left = last - start; left > 0;) {
        stall.touch();
        const bytes = await reader.read();
        if (bytes === null) throw unreachable(url, `the answer ended at byte ${last - left} of ${last}`);
        const piece = bytes.subarray(0, left);
        left -= piece.length;
        // While the disk is slow, the network is not to blame.
        stall.pause();
        await writer.take(piece);
        onBytes();
      }
    } finally {
      reader.cancel();
    }
  } catch (error) {
    if (isWorthless(error)) writer.drop();
    else await writer.keep();
    if (abort.signal.aborted && !signal.aborted) {
      throw unreachable(url, `nothing came for ${context.stallMs} ms`);
    }
    if (signal.aborted || isNamed(error)) throw error;
    // A body that breaks off in the middle: whatever the browser calls it, it may go on later.
    throw unreachable(url, error);
  } finally {
    stall.pause();
    signal.removeEventListener('abort', stop);
  }
}

/** After such a failure, nobody knows what the bytes before it were. */
const isWorthless = (error: unknown): boolean =>
  error instanceof FailureError || (error instanceof DOMException && error.name !== 'AbortError');

const isNamed = (error: unknown): boolean =>
  error instanceof FailureError ||
  error instanceof DOMException ||
  (error instanceof Error && error.name !== 'TypeError');

/** Aborts when nothing has come for a while. */
class StallWatch {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ms: number,
    private readonly abort: AbortController,
  ) {
    this.touch();
  }

  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.abort.abort(), this.ms);
  }

  pause(): void {
    clearTimeout(this.#timer);
  }
}

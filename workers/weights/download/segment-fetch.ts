/** Fetches one segment and stores it chunk by chunk. */
import { FailureError } from '../../../src/contracts/failure';
import type { WeightsStore } from '../store/weights-store';
import type { FileTransfer, Segment } from './file-transfer';
import { PassingTrouble } from './passing-trouble';
import { fetchPart } from './ranged-fetch';

export interface SegmentContext {
  readonly store: WeightsStore;
  readonly signal: AbortSignal;
  /** A connection that is silent for so long is dead, whatever the system says: after a night's sleep it would stay open for ever. */
  readonly stallMs: number;
  /** Bytes have come in. */
  readonly onBytes: () => void;
  /** A chunk is stored. Its bytes may be taken. */
  readonly onChunk: (transfer: FileTransfer, index: number, bytes: Uint8Array<ArrayBuffer> | null) => void;
}

/** The part of a chunk that has arrived, in a buffer of the chunk's size. */
interface ChunkInHand {
  readonly index: number;
  /** What a pause left in the store: the beginning of this chunk. */
  readonly beginning: Blob | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
  filled: number;
}

/**
 * Fetches the chunks of a segment. Whatever ends it early (a pause, a cut connection), each byte that has arrived is stored.
 * @throws what `fetchPart` throws, and PassingTrouble when the body ends early
 */
export async function fetchSegment(
  { transfer, first, end }: Segment,
  url: string,
  context: SegmentContext,
): Promise<void> {
  const { store, signal } = context;
  const { file, record } = transfer;
  const beginning = transfer.unfinishedBytes(first) > 0 ? ((await store.readChunk(record.key, first)) ?? null) : null;
  const start = transfer.startOf(first) + (beginning?.size ?? 0);
  const last = Math.min(transfer.startOf(end), file.bytes);
  const abort = new AbortController();
  const stopped = AbortSignal.any([signal, abort.signal]);
  const stall = new StallWatch(context.stallMs, abort);
  let chunk = chunkInHand(transfer, first, beginning);
  // One chunk is written while the next one comes in; a third would only take memory.
  let writing: Promise<void> = Promise.resolve();
  try {
    const etag = file.sha256 === undefined && file.gitSha1 === undefined ? file.etag : undefined;
    const part = await fetchPart({ url, path: file.path, start, end: last, total: file.bytes, etag, signal: stopped });
    const reader = part.body.getReader();
    try {
      while (chunk.index < end) {
        stall.touch();
        const { done, value } = await reader.read();
        if (done) throw new PassingTrouble(cut(url, transfer.startOf(chunk.index) + chunk.filled, last));
        for (let taken = 0; taken < value.length && chunk.index < end;) {
          const piece = value.subarray(taken, taken + chunk.bytes.length - chunk.filled);
          chunk.bytes.set(piece, chunk.filled);
          chunk.filled += piece.length;
          taken += piece.length;
          transfer.arrived(piece.length);
          if (chunk.filled < chunk.bytes.length) continue;
          stall.pause();
          await writing;
          writing = storeChunk(transfer, chunk, context);
          // Told where it is awaited; meanwhile it must not count as unhandled.
          writing.catch(() => {});
          chunk = chunkInHand(transfer, chunk.index + 1, null);
        }
        context.onBytes();
      }
      stall.pause();
      await writing;
    } finally {
      void reader.cancel().catch(() => {});
    }
  } catch (error) {
    const cause = await writing.then(
      () => error,
      (failure: unknown) => failure,
    );
    await keepBeginning(transfer, chunk, cause, store);
    if (abort.signal.aborted && !signal.aborted) {
      const technical = `nothing came for ${context.stallMs} ms (${url})`;
      throw new PassingTrouble({ kind: 'network-unreachable', technical });
    }
    if (signal.aborted || isNamed(cause)) throw cause;
    // A body that breaks off in the middle: whatever the browser calls it, it may go on later.
    throw new PassingTrouble({ kind: 'network-unreachable', technical: `${String(cause)} (${url})` });
  } finally {
    stall.end();
  }
}

const isNamed = (error: unknown): boolean =>
  error instanceof FailureError ||
  error instanceof DOMException ||
  (error instanceof Error && error.name !== 'TypeError');

const cut = (url: string, at: number, end: number) =>
  ({ kind: 'network-unreachable', technical: `the answer ended at byte ${at} of ${end} (${url})` }) as const;

function chunkInHand(transfer: FileTransfer, index: number, beginning: Blob | null): ChunkInHand {
  const length = index < transfer.chunks ? transfer.lengthOf(index) - (beginning?.size ?? 0) : 0;
  return { index, beginning, bytes: new Uint8Array(length), filled: 0 };
}

async function storeChunk(transfer: FileTransfer, chunk: ChunkInHand, context: SegmentContext): Promise<void> {
  const { index, beginning, bytes } = chunk;
  // Only a server that ignores ranges sends what is here already.
  if (transfer.has(index)) return transfer.dropped(bytes.length);
  const unfinished = beginning ? [beginning] : [];
  // Let go as soon as it is written: Blobs that stay referenced stay in memory.
  await context.store.writeChunk(transfer.record.key, index, new Blob([...unfinished, bytes]));
  transfer.stored(index, bytes.length, false);
  context.onChunk(transfer, index, beginning ? null : bytes);
}

/** Stores what has arrived of a chunk, unless the failure means that it is worthless. */
async function keepBeginning(
  transfer: FileTransfer,
  { index, beginning, bytes, filled }: ChunkInHand,
  error: unknown,
  store: WeightsStore,
): Promise<void> {
  const failed = error instanceof FailureError || (error instanceof DOMException && error.name !== 'AbortError');
  if (filled === 0) return;
  if (failed || transfer.has(index)) return transfer.dropped(filled);
  try {
    const kept = new Blob([...(beginning ? [beginning] : []), bytes.subarray(0, filled)]);
    await store.writeChunk(transfer.record.key, index, kept, true);
    transfer.stored(index, filled, true);
  } catch {
    // The failure that is on its way already says what is wrong; these bytes are fetched again.
    transfer.dropped(filled);
  }
}

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

  /** While the disk is slow, the network is not to blame. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

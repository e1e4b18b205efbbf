/** Brings one segment of a file: from the network, or from a file of this device. */
import { FailureError } from '../../../src/shared/protocol/failure';
import type { ChunkWriter } from './chunk-writer';
import type { Segment } from './file-transfer';
import { fetchSegment } from './segment-fetch';

export interface BringContext {
  readonly writer: ChunkWriter;
  readonly signal: AbortSignal;
  readonly stallMs: number;
  readonly onBytes: () => void;
}

/** A slice of a file on this device: small, since it is read as a whole. */
const sliceBytes = 4 * 1024 ** 2;

/** @throws what `fetchSegment` throws; `file-missing` for a file that cannot be read any more */
export async function bringSegment(segment: Segment, context: BringContext): Promise<void> {
  const { origin, file } = segment.transfer;
  if (file.bytes === 0) return context.writer.storeEmpty(segment.transfer);
  if (typeof origin === 'string') return fetchSegment(segment, origin, context);
  if (origin instanceof File) return copySegment(segment, origin, context);
  const technical = 'it was copied from a file, and has no address to be fetched from';
  throw new FailureError({ kind: 'weights-damaged', technical, subject: file.path });
}

async function copySegment({ transfer, first, end }: Segment, origin: File, context: BringContext): Promise<void> {
  const last = Math.min(transfer.startOf(end), transfer.file.bytes);
  let at = transfer.startOf(first) + (await context.writer.begin(transfer, first));
  while (at < last) {
    if (context.signal.aborted) {
      await context.writer.keep();
      throw context.signal.reason;
    }
    const slice = origin.slice(at, Math.min(at + sliceBytes, last));
    const bytes = await slice.arrayBuffer().catch((error: unknown) => {
      // Moved, changed, or on a stick that was pulled out.
      throw new FailureError({ kind: 'file-missing', technical: String(error), subject: transfer.file.path });
    });
    await context.writer.take(new Uint8Array(bytes));
    at += bytes.byteLength;
    context.onBytes();
  }
}

/** Brings one segment of a file: from the network, or from a file of this device. */
import { FailureError } from '../../../src/contracts/failure';
import type { Segment } from './file-transfer';
import { fetchSegment, type SegmentContext } from './segment-fetch';

/** @throws what `fetchSegment` throws; `file-missing` for a file that cannot be read any more */
export async function bringSegment(segment: Segment, context: SegmentContext): Promise<void> {
  const { origin, file } = segment.transfer;
  if (file.bytes === 0) return storePiece(segment, 0, new ArrayBuffer(0), context);
  if (typeof origin === 'string') return fetchSegment(segment, origin, context);
  if (origin instanceof File) return copySegment(segment, origin, context);
  const technical = 'it was copied from a file, and has no address to be fetched from';
  throw new FailureError({ kind: 'weights-damaged', technical, subject: file.path });
}

async function copySegment(segment: Segment, origin: File, context: SegmentContext): Promise<void> {
  const { transfer, first, end } = segment;
  for (let index = first; index < end; index += 1) {
    context.signal.throwIfAborted();
    const start = transfer.startOf(index);
    const piece = origin.slice(start, start + transfer.lengthOf(index));
    const bytes = await piece.arrayBuffer().catch((error: unknown) => {
      // Moved, changed, or on a stick that was pulled out.
      throw new FailureError({ kind: 'file-missing', technical: String(error), subject: transfer.file.path });
    });
    transfer.arrived(bytes.byteLength);
    await storePiece(segment, index, bytes, context);
    context.onBytes();
  }
}

async function storePiece(
  { transfer }: Segment,
  index: number,
  bytes: ArrayBuffer,
  context: SegmentContext,
): Promise<void> {
  await context.store.writeChunk(transfer.record.key, index, new Blob([bytes]));
  transfer.stored(index, bytes.byteLength, false);
  context.onChunk(transfer, index, new Uint8Array(bytes));
}

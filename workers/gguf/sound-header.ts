/** Reads the header of a file, and says in words what is wrong with it. */
import { failed, FailureError } from '../../src/shared/protocol/failure';
import { ByteCursor, EndOfFile, Malformed, type ReadingLimits } from './byte-cursor';
import type { ByteSource } from './byte-source';
import { type GgufHeader, type HeaderReading, readHeader } from './gguf-header';

/**
 * @param index of the file among those of its model, for the words
 * @throws FailureError `file-not-gguf`, or `file-truncated`, also where only its tensors are cut off; what the source throws
 */
export async function soundHeader(
  source: ByteSource,
  index: number,
  limits?: ReadingLimits,
  reading?: HeaderReading,
): Promise<GgufHeader> {
  try {
    const header = await readHeader(new ByteCursor(source, limits), reading);
    if (header.end <= source.size) return header;
    const technical = `file ${index} has ${source.size} bytes, its tensors end at ${header.end}`;
    const numbers = { neededBytes: header.end, availableBytes: source.size };
    throw new FailureError(failed('file-truncated', technical, { numbers }).failure);
  } catch (error) {
    if (error instanceof EndOfFile)
      throw new FailureError(failed('file-truncated', `file ${index} ${error.message}`).failure);
    if (error instanceof Malformed)
      throw new FailureError(failed('file-not-gguf', `file ${index} ${error.message}`).failure);
    throw error;
  }
}

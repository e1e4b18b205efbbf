/** All that GGUF files say of themselves, for an engine that runs them: every entry with its lists, and where each tensor lies. */
import { failed, FailureError } from '../../src/contracts/failure';
import type { FileContent } from '../file-content';
import { ByteCursor } from './byte-cursor';
import { type Metadata, readHeader } from './gguf-header';
import type { Tensor } from './tensor-table';

export interface StoredTensor extends Tensor {
  /** All of its bytes, and no others. */
  readonly content: FileContent;
}

export interface GgufContents {
  readonly metadata: Metadata;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** More entries than any vocabulary has. */
const longestList = 2_000_000;

/**
 * Reads the headers of files that `checkParts` has found sound, in its order.
 * @throws FailureError `file-not-gguf` where a tensor is there twice
 */
export async function readContents(files: readonly FileContent[]): Promise<GgufContents> {
  const tensors = new Map<string, StoredTensor>();
  let metadata: Metadata | undefined;
  for (const file of files) {
    const found: Tensor[] = [];
    const header = await readHeader(new ByteCursor(contentSource(file)), {
      keeps: /./s,
      longestList,
      textLists: true,
      onTensor: (tensor) => found.push(tensor),
    });
    metadata ??= header.metadata;
    for (const tensor of found) {
      if (tensors.has(tensor.name))
        throw new FailureError(failed('file-not-gguf', `tensor ${tensor.name} is there twice`).failure);
      const start = header.dataStart + tensor.offset;
      tensors.set(tensor.name, { ...tensor, content: file.slice(start, start + tensor.bytes) });
    }
  }
  return { metadata: metadata ?? new Map(), tensors };
}

const contentSource = (content: FileContent) => ({
  size: content.size,
  read: async (start: number, end: number): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await content.slice(start, end).arrayBuffer()),
});

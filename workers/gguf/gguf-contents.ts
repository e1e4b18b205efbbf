/** All that GGUF files say of themselves, for an engine that runs them: every entry with its lists, and where each tensor lies. */
import { failed, FailureError } from '../../src/shared/protocol/failure';
import type { FileContent } from '../file-content';
import { contentSource } from './byte-source';
import type { Metadata, MetadataValue } from './gguf-header';
import { soundHeader } from './sound-header';
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
 * Reads the headers of files in the order that `checkParts` has found. What is wrong with a file ends here as it does there: it may
 * have changed on the disk since.
 * @throws FailureError `file-not-gguf`, also where a tensor is there twice; `file-truncated`; and what reading throws
 */
export async function readContents(files: readonly FileContent[]): Promise<GgufContents> {
  const tensors = new Map<string, StoredTensor>();
  let metadata: Metadata | undefined;
  for (const [index, file] of files.entries()) {
    const found: Tensor[] = [];
    const header = await soundHeader(contentSource(file), index, undefined, {
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
  return { metadata: metadata ?? new Map<string, MetadataValue>(), tensors };
}

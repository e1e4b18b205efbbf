/**
 * Looks at GGUF files before an engine does. llama.cpp's loader resolves for garbage and for a truncated file; so everything
 * that can be known from the header is asked here, from a few reads.
 */
import { failed, FailureError } from '../../src/shared/protocol/failure';
import type { GgufFacts } from '../../src/shared/domain/gguf';
import type { FileContent } from '../file-content';
import type { ReadingLimits } from './byte-cursor';
import { contentSource, type ByteSource } from './byte-source';
import { factsFrom } from './gguf-facts';
import type { GgufHeader } from './gguf-header';
import { isProjector, type ProjectorFacts, projectorFacts } from './projector';
import { soundHeader } from './sound-header';
import { splitOrder } from './split-parts';

/** All files of one model, in the order that llama.cpp wants them in; its projector, where it has one, is the last. */
export interface CheckedGguf<File> {
  readonly facts: GgufFacts;
  readonly files: readonly File[];
  readonly projector?: ProjectorFacts & { readonly file: File };
}

const sourceOf = (file: FileContent | ByteSource): ByteSource => ('arrayBuffer' in file ? contentSource(file) : file);

/** The facts alone; throws as `checkParts` does. */
export async function checkGguf(
  files: readonly (FileContent | ByteSource)[],
  limits?: ReadingLimits,
): Promise<GgufFacts> {
  return (await checkParts(files, limits)).facts;
}

/**
 * Reads the headers of all files of one model, given in any order. Throws `file-missing`, `file-not-gguf`, `file-truncated`,
 * `model-unknown-architecture`, `projector-mismatch` or `projector-alone` as a `FailureError`, and what the source throws.
 */
export async function checkParts<File extends FileContent | ByteSource>(
  files: readonly File[],
  limits?: ReadingLimits,
): Promise<CheckedGguf<File>> {
  const read: { readonly file: File; readonly header: GgufHeader }[] = [];
  for (const [index, file] of files.entries()) {
    read.push({ file, header: await soundHeader(sourceOf(file), index, limits) });
  }
  const model = read.filter(({ header }) => !isProjector(header));
  const [beside, another] = read.filter(({ header }) => isProjector(header));
  if (beside && model.length === 0)
    throw new FailureError(failed('projector-alone', 'a projector without its model').failure);
  if (another) throw new FailureError(failed('projector-mismatch', 'there is more than one projector').failure);
  const headers = model.map(({ header }) => header);
  const parts = splitOrder(headers).flatMap((index) => model[index] ?? []);
  const [first] = parts;
  if (!first) throw new FailureError(failed('file-missing', 'no file was given').failure);
  const ordered = parts.map(({ file }) => file);
  const facts = factsFrom(first.header, headers, parts.length);
  if (!beside) return { facts, files: ordered };
  const { file } = beside;
  return { facts, files: [...ordered, file], projector: { ...projectorFacts(beside.header), file } };
}

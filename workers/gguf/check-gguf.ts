/**
 * Looks at GGUF files before an engine does. llama.cpp's loader resolves for garbage and for a truncated file; so everything
 * that can be known from the header is asked here, from a few reads.
 */
import { failed, FailureError } from '../../src/contracts/failure';
import type { GgufFacts } from '../../src/contracts/gguf';
import { ByteCursor, EndOfFile, Malformed, type ReadingLimits } from './byte-cursor';
import { blobSource, type ByteSource } from './byte-source';
import { factsFrom } from './gguf-facts';
import { type GgufHeader, readHeader } from './gguf-header';
import { splitOrder, splitPlace } from './split-parts';

/** All files of one model, in the order that llama.cpp wants them in. */
export interface CheckedGguf<File> {
  readonly facts: GgufFacts;
  readonly files: readonly File[];
}

const sourceOf = (file: Blob | ByteSource): ByteSource => ('arrayBuffer' in file ? blobSource(file) : file);

/** The facts alone; throws as `checkParts` does. */
export async function checkGguf(files: readonly (Blob | ByteSource)[], limits?: ReadingLimits): Promise<GgufFacts> {
  return (await checkParts(files, limits)).facts;
}

/**
 * Reads the headers of all files of one model, given in any order. Throws `file-missing`, `file-not-gguf`, `file-truncated` or
 * `model-unknown-architecture` as a `FailureError`, and what the source throws.
 */
export async function checkParts<File extends Blob | ByteSource>(
  files: readonly File[],
  limits?: ReadingLimits,
): Promise<CheckedGguf<File>> {
  const read: { readonly file: File; readonly header: GgufHeader }[] = [];
  for (const [index, file] of files.entries()) {
    read.push({ file, header: await headerOf(sourceOf(file), index, limits) });
  }
  const headers = read.map(({ header }) => header);
  const parts = splitOrder(headers).flatMap((index) => read[index] ?? []);
  const [first] = parts;
  if (!first) throw new FailureError(failed('file-missing', 'no file was given').failure);
  return { facts: factsFrom(first.header, headers, parts.length), files: parts.map(({ file }) => file) };
}

/** Every read is a request; the headers of today's models have 6 to 10 MB, for the vocabulary. */
const remoteWindowBytes = 2 * 1024 * 1024;

/**
 * Reads the header of a model whose bytes are elsewhere: of its only file, or of the first part of a split one. Parameters and
 * tensor bytes then cover that part alone, for the others' headers tell of theirs; `splitCount` says that there are more.
 * Throws as `checkGguf` does, and `file-missing` for a part that is not the first.
 */
export async function readGgufFacts(source: ByteSource, limits?: ReadingLimits): Promise<GgufFacts> {
  const header = await headerOf(source, 0, { windowBytes: remoteWindowBytes, ...limits });
  const { number, count } = splitPlace(header);
  if (number > 0) throw new FailureError(failed('file-missing', `this is part ${number}, not the first`).failure);
  return factsFrom(header, [header], count);
}

async function headerOf(source: ByteSource, index: number, limits?: ReadingLimits): Promise<GgufHeader> {
  try {
    const header = await readHeader(new ByteCursor(source, limits));
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

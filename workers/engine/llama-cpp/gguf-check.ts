/**
 * Looks at GGUF files before llama.cpp does. Its loader resolves for garbage and for a truncated file, and runs out of memory
 * late and without a word; so everything that can be known from the header is asked here, from a few slices of the Blobs.
 */
import { type Failure, FailureError, type FailureKind } from '../../../src/contracts/failure';
import { BlobCursor, EndOfFile, Malformed } from './blob-cursor';
import { type GgufHeader, type MetadataValue, readHeader } from './gguf-header';

export interface GgufFacts {
  readonly architecture: string;
  readonly name?: string;
  /** The window the model was trained for; undefined where the file does not say. */
  readonly contextTokens?: number;
  readonly layers: number;
  readonly vocabulary: number;
  readonly parameters: number;
  readonly tensorBytes: number;
  /** What one token of context costs in a 16-bit KV cache; 0 where the file does not say. */
  readonly kvBytesPerToken: number;
  readonly hasChatTemplate: boolean;
}

/** Known to llama.cpp as parts of models, not as something to talk to. */
const notChatModels: ReadonlySet<string> = new Set([
  'clip',
  'bert',
  'nomic-bert',
  'jina-bert-v2',
  't5encoder',
  'wavtokenizer-dec',
  'dflash',
  'eagle3',
]);

/** 64-bit wasm as built by wllama ends here, whatever the device has. */
export const wasmMemoryBytes = 4 * 1024 ** 3;
/** Code, stack, tokenizer and the like, measured at about 100 MB; the buffers of the graph come on top. */
const fixedBytes = 128 * 1024 ** 2;
/** llama.cpp pads the KV cache to this many tokens. */
export const contextStep = 256;

const fail = (kind: FailureKind, technical: string, numbers?: Failure['numbers']): never => {
  throw new FailureError({ kind, technical, ...(numbers && { numbers }) });
};

/** Reads the headers of all files of one model, in order. */
export async function checkGguf(files: readonly Blob[]): Promise<GgufFacts> {
  const headers: GgufHeader[] = [];
  for (const [index, file] of files.entries()) headers.push(await checkFile(file, index));
  const first = headers[0] ?? fail('file-missing', 'no file was given');

  const parts = wholeNumber(first.metadata.get('split.count')) ?? 1;
  if (parts > files.length) fail('file-missing', `the model has ${parts} files, ${files.length} were given`);

  const architecture = first.metadata.get('general.architecture');
  if (typeof architecture !== 'string' || architecture === '')
    return fail('file-not-gguf', 'the file names no architecture');
  if (notChatModels.has(architecture))
    fail('model-unknown-architecture', `"${architecture}" is not a language model to chat with`);

  const name = first.metadata.get('general.name');
  const contextTokens = wholeNumber(first.metadata.get(`${architecture}.context_length`));
  const sum = (of: (header: GgufHeader) => number) => headers.reduce((total, header) => total + of(header), 0);
  return {
    architecture,
    ...(typeof name === 'string' && { name }),
    ...(contextTokens !== undefined && { contextTokens }),
    layers: wholeNumber(first.metadata.get(`${architecture}.block_count`)) ?? 0,
    vocabulary: first.vocabulary,
    parameters: sum((header) => header.parameters),
    tensorBytes: sum((header) => header.tensorBytes),
    kvBytesPerToken: kvBytesPerToken(first.metadata, architecture),
    hasChatTemplate: first.metadata.has('tokenizer.chat_template'),
  };
}

async function checkFile(file: Blob, index: number): Promise<GgufHeader> {
  try {
    const header = await readHeader(new BlobCursor(file));
    if (header.end > file.size) {
      fail('file-truncated', `file ${index} has ${file.size} bytes, its tensors end at ${header.end}`, {
        neededBytes: header.end,
        availableBytes: file.size,
      });
    }
    return header;
  } catch (error) {
    if (error instanceof EndOfFile) {
      // A text of two letters is no cut-off model: without the magic number nothing says that this ever was one.
      const looksRight = 'GGUF'.startsWith(await file.slice(0, 4).text());
      return fail(looksRight ? 'file-truncated' : 'file-not-gguf', `file ${index}: ${error.message}`);
    }
    if (error instanceof Malformed) return fail('file-not-gguf', `file ${index} ${error.message}`);
    throw error;
  }
}

function kvBytesPerToken(metadata: ReadonlyMap<string, MetadataValue>, architecture: string): number {
  const of = (key: string) => metadata.get(`${architecture}.${key}`);
  const layers = wholeNumber(of('block_count')) ?? 0;
  const heads = wholeNumber(of('attention.head_count')) ?? 0;
  const headLength = heads > 0 ? Math.floor((wholeNumber(of('embedding_length')) ?? 0) / heads) : 0;
  const lengths =
    (wholeNumber(of('attention.key_length')) ?? headLength) + (wholeNumber(of('attention.value_length')) ?? headLength);
  const kvHeads = of('attention.head_count_kv');
  // Hybrid models give one count for each layer, 0 for those that keep no cache.
  const allHeads = isList(kvHeads)
    ? kvHeads.reduce((total, count) => total + (wholeNumber(count) ?? 0), 0)
    : layers * (wholeNumber(kvHeads) ?? heads);
  const bytes = allHeads * lengths * 2;
  return Number.isSafeInteger(bytes) ? bytes : 0;
}

const isList = (value: MetadataValue | undefined): value is readonly number[] => Array.isArray(value);

function wholeNumber(value: MetadataValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The memory a model takes with a window of this size, estimated from above. */
export function memoryNeeded(facts: GgufFacts, contextTokens: number, batchTokens: number): number {
  // The widest row of the graph is the vocabulary; everything else of a batch is small beside it.
  const graphBytes = facts.vocabulary * batchTokens * 4;
  return facts.tensorBytes + facts.kvBytesPerToken * contextTokens + graphBytes + fixedBytes;
}

/**
 * The window to load the model with. A window that was asked for is taken or refused; without one the model's own limit is
 * taken, or less where the memory ends first: today's models state windows whose cache alone would be larger than 4 GiB.
 */
export function chooseContext(
  facts: GgufFacts,
  wanted: number | undefined,
  batchTokens: number,
  availableBytes = wasmMemoryBytes,
): number {
  const smallest = Math.min(2 * contextStep, wanted ?? Infinity);
  const ownLimit = facts.contextTokens ?? 4096;
  const neededBytes = memoryNeeded(facts, wanted ?? smallest, batchTokens);
  if (neededBytes > availableBytes) {
    fail(
      'model-too-large',
      `${facts.architecture} of ${facts.tensorBytes} bytes with a window of ${wanted ?? smallest} tokens`,
      { neededBytes, availableBytes },
    );
  }
  if (wanted !== undefined) return wanted;
  const room = availableBytes - memoryNeeded(facts, 0, batchTokens);
  const fitting =
    facts.kvBytesPerToken > 0 ? Math.floor(room / facts.kvBytesPerToken / contextStep) * contextStep : ownLimit;
  return Math.min(ownLimit, Math.max(fitting, smallest));
}

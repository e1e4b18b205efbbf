/** From headers to what a person, or an engine, wants to know of a model. */
import { failed, FailureError } from '../../src/shared/protocol/failure';
import type { GgufFacts } from '../../src/shared/domain/gguf';
import { fileTypeName } from './file-types';
import { tokenUse } from './token-use';
import { tensorTypeName } from './ggml-types';
import { type GgufHeader, type Metadata, type MetadataValue, wholeNumber } from './gguf-header';

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

/**
 * The first header holds the metadata; all of them hold tensors, and those that are not given are not counted.
 * Throws `file-not-gguf` or `model-unknown-architecture`.
 */
export function factsFrom(first: GgufHeader, all: readonly GgufHeader[], splitCount: number): GgufFacts {
  const { metadata } = first;
  const architecture = architectureFrom(metadata);
  const name = label(metadata.get('general.name'));
  const licence = label(metadata.get('general.license'));
  const quantisation = quantizationFrom(metadata, all);
  const contextTokens = wholeNumber(metadata.get(`${architecture}.context_length`));
  const sum = (of: (header: GgufHeader) => number) => all.reduce((total, header) => total + of(header), 0);
  return {
    architecture,
    ...(name && { name }),
    ...(contextTokens !== undefined && { contextTokens }),
    layers: wholeNumber(metadata.get(`${architecture}.block_count`)) ?? 0,
    vocabulary: first.vocabulary,
    parameters: sum((header) => header.parameters),
    ...(quantisation && { quantisation }),
    tensorBytes: sum((header) => header.tensorBytes),
    kvBytesPerToken: kvBytesPerToken(metadata, architecture),
    perToken: tokenUse(metadata, architecture, all),
    hasChatTemplate: typeof metadata.get('tokenizer.chat_template') === 'string',
    ...(isPooled(metadata.get(`${architecture}.pooling_type`)) && { pooled: true }),
    ...(licence && { licence }),
    splitCount,
  };
}

/** As llama.cpp numbers them: mean, first and last token. 0 is none, and 4 ranks pairs of texts, which are no vectors. */
const isPooled = (type: MetadataValue | undefined): boolean => type === 1 || type === 2 || type === 3;

function architectureFrom(metadata: Metadata): string {
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string' || architecture === '')
    throw new FailureError(failed('file-not-gguf', 'the file names no architecture').failure);
  if (notChatModels.has(architecture))
    throw new FailureError(
      failed('model-unknown-architecture', `"${architecture}" is not a language model to chat with`).failure,
    );
  if (!/^[\w.-]{1,64}$/.test(architecture))
    throw new FailureError(
      failed('model-unknown-architecture', `"${architecture.slice(0, 100)}" is no architecture`).failure,
    );
  return architecture;
}

/** The stated type goes first: "Q4_K_M" is a mixture, which no single tensor tells. */
function quantizationFrom(metadata: Metadata, all: readonly GgufHeader[]): string | undefined {
  const stated = fileTypeName(wholeNumber(metadata.get('general.file_type')) ?? -1);
  if (stated !== undefined) return stated;
  const values = new Map<number, number>();
  for (const { parametersByType } of all)
    for (const [type, count] of parametersByType) values.set(type, (values.get(type) ?? 0) + count);
  const [most] = [...values].toSorted(([, one], [, other]) => other - one);
  return most && tensorTypeName(most[0]);
}

/** What a stranger wrote into a file, fit for one line: whole texts, line breaks or reversed writing would spoil any list. */
function label(value: MetadataValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value
    .slice(0, 1000)
    .replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
  return [...line].slice(0, 200).join('') || undefined;
}

function kvBytesPerToken(metadata: Metadata, architecture: string): number {
  const of = (key: string) => metadata.get(`${architecture}.${key}`);
  const layers = wholeNumber(of('block_count')) ?? 0;
  const heads = wholeNumber(of('attention.head_count')) ?? 0;
  const headLength = heads > 0 ? Math.floor((wholeNumber(of('embedding_length')) ?? 0) / heads) : 0;
  const lengths =
    (wholeNumber(of('attention.key_length')) ?? headLength) + (wholeNumber(of('attention.value_length')) ?? headLength);
  const kvHeads = of('attention.head_count_kv');
  // Hybrid models give one count for each layer, 0 for those that keep no cache; or say how far those that keep one are apart.
  const interval = Math.max(1, wholeNumber(of('full_attention_interval')) ?? 1);
  const allHeads = isList(kvHeads)
    ? kvHeads.reduce((total, count) => total + (wholeNumber(count) ?? 0), 0)
    : Math.floor(layers / interval) * (wholeNumber(kvHeads) ?? heads);
  const bytes = allHeads * lengths * 2;
  return Number.isSafeInteger(bytes) ? bytes : 0;
}

const isList = (value: MetadataValue | undefined): value is readonly number[] => Array.isArray(value);

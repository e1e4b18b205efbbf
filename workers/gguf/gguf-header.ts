/** The header of one GGUF file: the metadata that is asked for, and what its table of tensors adds up to. */
import { type ByteCursor, EndOfFile, Malformed } from './byte-cursor';
import { readName, readTensorTable, type Tensor, type TensorTable } from './tensor-table';

export type MetadataValue = number | string | boolean | readonly number[] | readonly string[];
export type Metadata = ReadonlyMap<string, MetadataValue>;

/** A count that a file states; undefined for what is none. */
export function wholeNumber(value: MetadataValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export interface GgufHeader extends TensorTable {
  readonly metadata: Metadata;
  /** Entries of `tokenizer.ggml.tokens`: counted, never kept. */
  readonly vocabulary: number;
}

// Far above every real model, far below what would keep a phone busy.
const mostEntries = 200_000;
const mostKeptEntries = 256;
const longestKeptText = 1024 * 1024;

/** What of a header is kept, beside what is added up. */
export interface HeaderReading {
  readonly keeps: RegExp;
  /** Entries of the longest list of numbers that is kept. */
  readonly longestList: number;
  /** Whether lists of texts are kept: vocabularies have hundreds of thousands. */
  readonly textLists: boolean;
  readonly onTensor?: (tensor: Tensor) => void;
}

const scalars = {
  0: [1, 'u8'],
  1: [1, 'i8'],
  2: [2, 'u16'],
  3: [2, 'i16'],
  4: [4, 'u32'],
  5: [4, 'i32'],
  6: [4, 'f32'],
  7: [1, 'u8'],
  10: [8, 'u64'],
  11: [8, 'i64'],
  12: [8, 'f64'],
} as const;
const booleanType = 7;
const textType = 8;
const listType = 9;
const vocabularyKey = 'tokenizer.ggml.tokens';

/** To know a model by. Everything else, such as the vocabulary with its hundred thousands of entries, is only stepped over. */
const facts: HeaderReading = {
  keeps:
    /^(general\.(architecture|name|alignment|file_type|license)|split\.(no|count|tensors\.count)|tokenizer\.chat_template|[\w-]+\.(context_length|embedding_length|block_count|expert_count|expert_used_count|full_attention_interval|pooling_type|attention\.(head_count|head_count_kv|key_length|value_length)))$/,
  longestList: 4096,
  textLists: false,
};

const scalarOf = (type: number) => (type in scalars ? scalars[type as keyof typeof scalars] : undefined);

/** Throws `Malformed` for what is no GGUF, `EndOfFile` for what ends too early, and what the source throws. */
export async function readHeader(cursor: ByteCursor, reading: HeaderReading = facts): Promise<GgufHeader> {
  // A text of two letters is no cut-off model: without the magic number nothing says that this ever was one.
  const magicBytes = Math.min(4, cursor.left);
  await cursor.need(magicBytes);
  if (!'GGUF'.startsWith(cursor.text(magicBytes))) throw new Malformed('does not start with "GGUF"');
  await cursor.need(20);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw new Malformed(`has GGUF version ${version}`);
  const tensors = cursor.size();
  const entries = cursor.size();
  if (tensors > mostEntries || entries > mostEntries)
    throw new Malformed(`claims ${tensors} tensors and ${entries} entries`);

  const metadata = new Map<string, MetadataValue>();
  let vocabulary: number | undefined;
  for (let entry = 0; entry < entries; entry += 1) {
    const key = await readName(cursor);
    const keep = reading.keeps.test(key);
    // Two values under one name: what is checked here must not be another one than what the engine goes by.
    if (metadata.has(key) || (key === vocabularyKey && vocabulary !== undefined))
      throw new Malformed(`has two entries "${key}"`);
    if (keep && metadata.size >= mostKeptEntries) throw new Malformed('describes too many architectures');
    await cursor.need(4);
    const type = cursor.u32();
    if (type === listType) {
      const list = await readList(cursor, keep, reading);
      if (key === vocabularyKey) vocabulary = list.length;
      if (list.values) metadata.set(key, list.values);
    } else {
      const value = await readValue(cursor, type, keep);
      if (value !== undefined) metadata.set(key, type === booleanType ? value !== 0 : value);
    }
  }
  const table = await readTensorTable(cursor, tensors, metadata.get('general.alignment'), reading.onTensor);
  return { metadata, vocabulary: vocabulary ?? 0, ...table };
}

async function readValue(cursor: ByteCursor, type: number, keep: boolean): Promise<number | string | undefined> {
  if (type === textType) {
    await cursor.need(8);
    const length = cursor.size();
    if (keep && length <= longestKeptText) {
      await cursor.need(length);
      return cursor.text(length);
    }
    cursor.skip(length);
    // That it is there is all that is known of a text too long to keep.
    return keep ? '' : undefined;
  }
  const scalar = scalarOf(type);
  if (!scalar) throw new Malformed(`has a value of the unknown type ${type}`);
  await cursor.need(scalar[0]);
  const value = cursor[scalar[1]]();
  return keep ? value : undefined;
}

interface ReadList {
  readonly length: number;
  readonly values?: readonly number[] | readonly string[];
}

async function readList(
  cursor: ByteCursor,
  keep: boolean,
  { longestList, textLists }: HeaderReading,
): Promise<ReadList> {
  await cursor.need(12);
  const type = cursor.u32();
  const length = cursor.size();
  const scalar = scalarOf(type);
  if (scalar && keep && length <= longestList) {
    const values: number[] = [];
    for (let index = 0; index < length; index += 1) {
      if (!cursor.has(scalar[0])) await cursor.need(scalar[0]);
      values.push(cursor[scalar[1]]());
    }
    return { length, values };
  }
  if (scalar) {
    cursor.skip(length * scalar[0]);
    return { length };
  }
  if (type !== textType) throw new Malformed(`has a list of the unknown type ${type}`);
  // Each text takes 8 bytes for its length alone: a count that cannot be true ends here, not gigabytes later.
  if (length * 8 > cursor.left) throw new EndOfFile(`has ${length} texts in ${cursor.left} bytes`);
  if (keep && textLists) return { length, values: await readTexts(cursor, length) };
  for (let index = 0; index < length; index += 1) {
    if (!cursor.has(8)) await cursor.need(8);
    cursor.skip(cursor.size());
  }
  return { length };
}

async function readTexts(cursor: ByteCursor, count: number): Promise<string[]> {
  const texts: string[] = [];
  for (let index = 0; index < count; index += 1) texts.push(await readName(cursor));
  return texts;
}

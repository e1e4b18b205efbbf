/** The header of one GGUF file: the metadata this engine asks for, and where every tensor lies. */
import { type BlobCursor, Malformed } from './blob-cursor';
import { tensorBytes } from './ggml-types';

export type MetadataValue = number | string | boolean | readonly number[];

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  /** Entries of `tokenizer.ggml.tokens`: counted, never kept. */
  readonly vocabulary: number;
  readonly tensorBytes: number;
  readonly parameters: number;
  /** Where the last tensor ends, counted from the start of the file. */
  readonly end: number;
}

// Far above every real model, far below what would keep a phone busy.
const mostEntries = 200_000;
const longestKey = 4096;
const longestKeptText = 1024 * 1024;
const longestKeptList = 4096;

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
  11: [8, 'u64'],
  12: [8, 'f64'],
} as const;
const textType = 8;
const listType = 9;

/** Everything else, such as the vocabulary with its hundred thousands of entries, is only stepped over. */
const kept =
  /^(general\.(architecture|name|alignment)|split\.count|tokenizer\.chat_template|[\w-]+\.(context_length|embedding_length|block_count|attention\.(head_count|head_count_kv|key_length|value_length)))$/;

const scalarOf = (type: number) => (type in scalars ? scalars[type as keyof typeof scalars] : undefined);

export async function readHeader(cursor: BlobCursor): Promise<GgufHeader> {
  await cursor.need(4);
  if (cursor.u32() !== 0x46554747) throw new Malformed('does not start with "GGUF"');
  await cursor.need(20);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw new Malformed(`has GGUF version ${version}`);
  const tensors = cursor.u64();
  const entries = cursor.u64();
  if (tensors > mostEntries || entries > mostEntries)
    throw new Malformed(`claims ${tensors} tensors and ${entries} entries`);

  const metadata = new Map<string, MetadataValue>();
  let vocabulary = 0;
  for (let entry = 0; entry < entries; entry += 1) {
    const key = await readKey(cursor);
    await cursor.need(4);
    const type = cursor.u32();
    if (type === listType) {
      const list = await readList(cursor, kept.test(key));
      if (key === 'tokenizer.ggml.tokens') vocabulary = list.length;
      if (list.values) metadata.set(key, list.values);
    } else {
      const value = await readValue(cursor, type, kept.test(key));
      if (value !== undefined) metadata.set(key, type === 7 ? value !== 0 : value);
    }
  }
  return { metadata, vocabulary, ...(await readTensorTable(cursor, tensors, metadata.get('general.alignment'))) };
}

async function readKey(cursor: BlobCursor): Promise<string> {
  await cursor.need(8);
  const length = cursor.u64();
  if (length > longestKey) throw new Malformed(`has a name of ${length} bytes`);
  await cursor.need(length);
  return cursor.text(length);
}

async function readValue(cursor: BlobCursor, type: number, keep: boolean): Promise<number | string | undefined> {
  if (type === textType) {
    await cursor.need(8);
    const length = cursor.u64();
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
  return cursor[scalar[1]]();
}

async function readList(cursor: BlobCursor, keep: boolean): Promise<{ length: number; values?: number[] }> {
  await cursor.need(12);
  const type = cursor.u32();
  const length = cursor.u64();
  const scalar = scalarOf(type);
  if (scalar && keep && length <= longestKeptList) {
    const values: number[] = [];
    for (let index = 0; index < length; index += 1) {
      if (!cursor.has(scalar[0])) await cursor.need(scalar[0]);
      values.push(cursor[scalar[1]]());
    }
    return { length, values };
  }
  if (scalar) {
    cursor.skip(length * scalar[0]);
  } else if (type === textType) {
    for (let index = 0; index < length; index += 1) {
      if (!cursor.has(8)) await cursor.need(8);
      cursor.skip(cursor.u64());
    }
  } else {
    throw new Malformed(`has a list of the unknown type ${type}`);
  }
  return { length };
}

async function readTensorTable(cursor: BlobCursor, count: number, alignmentEntry: MetadataValue | undefined) {
  let parameters = 0;
  let total = 0;
  let lastEnd = 0;
  for (let tensor = 0; tensor < count; tensor += 1) {
    const name = await readKey(cursor);
    await cursor.need(4);
    const dimensions = cursor.u32();
    if (dimensions > 4) throw new Malformed(`tensor ${name} has ${dimensions} dimensions`);
    await cursor.need(dimensions * 8 + 12);
    let values = 1;
    for (let dimension = 0; dimension < dimensions; dimension += 1) values *= cursor.u64();
    const type = cursor.u32();
    const offset = cursor.u64();
    // A type newer than our table: the engine will judge it; here it only has to begin inside the file.
    const bytes = tensorBytes(type, values) ?? 1;
    if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(offset + bytes))
      throw new Malformed(`tensor ${name} has no possible size`);
    parameters += values;
    total += bytes;
    lastEnd = Math.max(lastEnd, offset + bytes);
  }
  const alignment = alignmentEntry ?? 32;
  if (typeof alignment !== 'number' || !Number.isSafeInteger(alignment) || alignment < 1 || alignment > 1024 * 1024) {
    throw new Malformed(`has an alignment of ${String(alignment)}`);
  }
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  return { parameters, tensorBytes: total, end: count > 0 ? dataStart + lastEnd : cursor.position };
}

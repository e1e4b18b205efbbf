/** The table of tensors in a GGUF header: added up and checked, never kept. */
import { type ByteCursor, Malformed } from './byte-cursor';
import { tensorBytes } from './ggml-types';

export interface TensorShare {
  readonly bytes: number;
  readonly parameters: number;
}

export interface TensorTable {
  readonly tensors: number;
  /** Bytes of all tensors; those of types that are not known to us count as one byte. */
  readonly tensorBytes: number;
  readonly parameters: number;
  /** Of these, what is not read whole for every token: the table of embeddings, and the experts of a mixture. */
  readonly embedding: TensorShare;
  readonly experts: TensorShare;
  /** Whether the output layer is a tensor of its own. Where it is not, the table of embeddings is read as the output layer. */
  readonly hasOutput: boolean;
  /** How many of the parameters have which type of ggml. */
  readonly parametersByType: ReadonlyMap<number, number>;
  /** Where the tensors begin, counted from the start of the file. */
  readonly dataStart: number;
  /** Where the last tensor ends, counted from the start of the file. */
  readonly end: number;
}

const longestName = 4096;

/** The name of an entry or a tensor. */
export async function readName(cursor: ByteCursor): Promise<string> {
  if (!cursor.has(8)) await cursor.need(8);
  const length = cursor.size();
  if (length > longestName) throw new Malformed(`has a name of ${length} bytes`);
  if (!cursor.has(length)) await cursor.need(length);
  return cursor.text(length);
}

/** `alignment` is what the metadata says, if anything: every tensor starts at a multiple of it. */
export async function readTensorTable(
  cursor: ByteCursor,
  tensors: number,
  alignment: unknown,
  onTensor?: (tensor: Tensor) => void,
): Promise<TensorTable> {
  const step = alignmentFrom(alignment);
  const parametersByType = new Map<number, number>();
  let parameters = 0;
  let total = 0;
  let lastEnd = 0;
  let embedding: TensorShare = { bytes: 0, parameters: 0 };
  let experts: TensorShare = { bytes: 0, parameters: 0 };
  let hasOutput = false;
  for (let index = 0; index < tensors; index += 1) {
    const tensor = await readTensor(cursor);
    if (tensor.offset % step !== 0 || tensor.offset < lastEnd)
      throw new Malformed(`tensor ${tensor.name} lies at ${tensor.offset}, where none can`);
    lastEnd = tensor.offset + tensor.bytes;
    onTensor?.(tensor);
    parameters += tensor.values;
    total += tensor.bytes;
    // Lengths multiply beyond all numbers, and NaN is what a row of half a block gives: neither survives in a sum.
    if (![lastEnd, parameters, total].every(Number.isSafeInteger))
      throw new Malformed(`tensor ${tensor.name} has no possible size`);
    parametersByType.set(tensor.type, (parametersByType.get(tensor.type) ?? 0) + tensor.values);
    if (tensor.name === 'token_embd.weight') embedding = { bytes: tensor.bytes, parameters: tensor.values };
    if (tensor.name === 'output.weight') hasOutput = true;
    if (/_exps\.(weight|bias|scale)$/.test(tensor.name))
      experts = { bytes: experts.bytes + tensor.bytes, parameters: experts.parameters + tensor.values };
  }
  const dataStart = Math.ceil(cursor.position / step) * step;
  const end = tensors > 0 ? dataStart + lastEnd : cursor.position;
  return { tensors, tensorBytes: total, parameters, embedding, experts, hasOutput, parametersByType, dataStart, end };
}

/** Not a power of two means another file to llama.cpp, which refuses it. */
function alignmentFrom(entry: unknown): number {
  const alignment = entry ?? 32;
  if (
    typeof alignment !== 'number' ||
    alignment > 1024 * 1024 ||
    !Number.isInteger(Math.log2(alignment)) ||
    alignment < 1
  )
    throw new Malformed(`has an alignment of ${String(alignment)}`);
  return alignment;
}

export interface Tensor {
  readonly name: string;
  /** Of ggml. */
  readonly type: number;
  /** Numbers of a row. */
  readonly columns: number;
  readonly rows: number;
  readonly values: number;
  readonly bytes: number;
  /** From the start of the data. */
  readonly offset: number;
}

async function readTensor(cursor: ByteCursor): Promise<Tensor> {
  const name = await readName(cursor);
  if (!cursor.has(4)) await cursor.need(4);
  const dimensions = cursor.u32();
  if (dimensions > 4) throw new Malformed(`tensor ${name} has ${dimensions} dimensions`);
  if (!cursor.has(dimensions * 8 + 12)) await cursor.need(dimensions * 8 + 12);
  const rowLength = dimensions > 0 ? cursor.size() : 1;
  let rows = 1;
  for (let dimension = 1; dimension < dimensions; dimension += 1) rows *= cursor.size();
  const type = cursor.u32();
  const offset = cursor.size();
  const values = rowLength * rows;
  // A type newer than our table: the engine will judge it; here it only has to begin inside the file.
  const rowBytes = tensorBytes(type, rowLength);
  const bytes = rowBytes === undefined ? 1 : rowBytes * rows;
  return { name, type, columns: rowLength, rows, values, bytes, offset };
}

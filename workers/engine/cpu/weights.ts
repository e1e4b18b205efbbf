/** Brings the tensors of a file into the memory of the kernels, rearranged on the way: never twice in memory, slice by slice. */
import { failed, FailureError } from '../../../src/shared/protocol/failure';
import type { StoredTensor } from '../../gguf/gguf-contents';
import { tensorTypeName } from '../../gguf/ggml-types';
import type { Kernels } from './kernel-exports';

/** Bytes of a file that are read at a time. */
export const sliceBytes = 4 * 1024 ** 2;

/** The types of ggml that the kernels multiply with (kernels/matrix/matrix-type.ts). */
export const computedTypes: ReadonlySet<number> = new Set([0, 1, 2, 6, 8, 12, 13, 14, 30]);

const f32 = 0;
const f16 = 1;
const bf16 = 30;

export interface Matrix {
  readonly type: number;
  readonly columns: number;
  readonly rows: number;
  readonly tensor: StoredTensor;
}

function refuse(technical: string): never {
  throw new FailureError(failed('model-unknown-architecture', technical).failure);
}

/** @throws FailureError `model-unknown-architecture` for a tensor of another shape or type than the kernels can take */
export function matrixFrom(
  tensor: StoredTensor | undefined,
  name: string,
  columns: number,
  rows: number,
  kernels: Kernels,
): Matrix {
  if (!tensor) return refuse(`tensor ${name} is missing`);
  if (tensor.columns !== columns || tensor.rows !== rows)
    return refuse(`tensor ${name} is ${tensor.columns} × ${tensor.rows}, not ${columns} × ${rows}`);
  if (!computedTypes.has(tensor.type))
    return refuse(`tensor ${name} is ${tensorTypeName(tensor.type) ?? `of type ${tensor.type}`}`);
  const block = Math.max(2, kernels.blockOf(tensor.type));
  if (columns % block !== 0) return refuse(`tensor ${name} has ${columns} columns, no multiple of ${block}`);
  return { type: tensor.type, columns, rows, tensor };
}

/** Bytes of a matrix in the kernels' memory. */
export const matrixBytes = (kernels: Kernels, { type, columns, rows }: Matrix): number =>
  kernels.groupBytesOf(type, columns) * Math.ceil(rows / 4);

/** @throws FailureError where the length is another one, or the numbers are not floats */
export function vectorFrom(tensor: StoredTensor | undefined, name: string, length: number): StoredTensor {
  if (!tensor) return refuse(`tensor ${name} is missing`);
  if (tensor.values !== length) return refuse(`tensor ${name} has ${tensor.values} numbers, not ${length}`);
  if (![f32, f16, bf16].includes(tensor.type))
    return refuse(`tensor ${name} is ${tensorTypeName(tensor.type) ?? `of type ${tensor.type}`}`);
  return tensor;
}

/** The weights of a convolution, some for each channel. @throws FailureError where it has another shape */
export function convolutionFrom(
  tensor: StoredTensor | undefined,
  name: string,
  taps: number,
  channels: number,
): StoredTensor {
  const found = vectorFrom(tensor, name, taps * channels);
  if (found.columns !== taps || found.rows !== channels)
    return refuse(`tensor ${name} is ${found.columns} × ${found.rows}, not ${taps} × ${channels}`);
  return found;
}

/** A vector as floats: norms and biases are few, and sixteen bits of theirs would have to be widened for every token. */
export async function readVector({ type, content, name, bytes: length }: StoredTensor): Promise<Float32Array> {
  const bytes = await content.arrayBuffer();
  expectBytes(bytes, length, name);
  if (type === f32) return new Float32Array(bytes);
  return Float32Array.from(new Uint16Array(bytes), type === bf16 ? floatFromBfloat : floatFromHalf);
}

/** A file that has become shorter since its header was read: what it lacks must not become weights. */
function expectBytes({ byteLength }: ArrayBuffer, bytes: number, name: string): void {
  if (byteLength === bytes) return;
  const numbers = { neededBytes: bytes, availableBytes: byteLength };
  throw new FailureError(failed('file-truncated', `tensor ${name} is cut off`, { numbers }).failure);
}

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

function floatFromBfloat(bits: number): number {
  words[0] = bits << 16;
  return floats[0] ?? 0;
}

function floatFromHalf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

export class WeightsLoader {
  readonly #bytes: Uint8Array;

  /** @param staging where a slice of a file lies before it is rearranged; room for `stagingBytes` */
  constructor(
    private readonly kernels: Kernels,
    memory: WebAssembly.Memory,
    private readonly staging: number,
    private readonly progress: (bytes: number) => void,
    private readonly signal: AbortSignal,
  ) {
    this.#bytes = new Uint8Array(memory.buffer);
  }

  /** Room for the slices of a matrix: whole groups of four rows. */
  static stagingBytes(kernels: Kernels, { type, columns }: Matrix): number {
    return Math.max(sliceBytes, 4 * kernels.fileBytesOf(type, columns));
  }

  /** @throws FailureError `file-truncated`; what reading throws; an `AbortError` after an abort */
  async load({ type, columns, rows, tensor }: Matrix, address: number): Promise<void> {
    const rowBytes = this.kernels.fileBytesOf(type, columns);
    const groupBytes = this.kernels.groupBytesOf(type, columns);
    const sliceRows = Math.max(4, Math.floor(sliceBytes / rowBytes / 4) * 4);
    const read = (row: number): Promise<ArrayBuffer> =>
      tensor.content.slice(row * rowBytes, Math.min(row + sliceRows, rows) * rowBytes).arrayBuffer();
    let next = read(0);
    for (let row = 0; row < rows; row += sliceRows) {
      const bytes = await next;
      this.signal.throwIfAborted();
      expectBytes(bytes, (Math.min(row + sliceRows, rows) - row) * rowBytes, tensor.name);
      const slice = new Uint8Array(bytes);
      // The disk works while this slice is rearranged.
      if (row + sliceRows < rows) next = read(row + sliceRows);
      const count = slice.length / rowBytes;
      this.#bytes.set(slice, this.staging);
      // Rows that a last group lacks are copies of its last one, whose results nobody reads.
      for (let extra = count; extra % 4 !== 0; extra += 1)
        this.#bytes.set(slice.subarray((count - 1) * rowBytes), this.staging + extra * rowBytes);
      this.kernels.packRows(type, columns, this.staging, Math.ceil(count / 4), address + (row / 4) * groupBytes);
      this.progress(slice.length);
    }
  }

  /** @param taps numbers of a channel, which come to lie apart: [channel][tap] becomes [tap][channel] */
  async loadVector(tensor: StoredTensor, address: number, taps = 1): Promise<void> {
    const read = await readVector(tensor);
    const channels = read.length / taps;
    const vector =
      taps === 1 ? read : read.map((_, at) => read[(at % channels) * taps + Math.floor(at / channels)] ?? 0);
    this.signal.throwIfAborted();
    this.#bytes.set(new Uint8Array(vector.buffer), address);
    this.progress(tensor.bytes);
  }
}

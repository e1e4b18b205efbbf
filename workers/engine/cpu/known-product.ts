/**
 * One small product whose answer is known, asked of the kernels before they are trusted. The relaxed instruction leaves open what
 * comes of operands that ours never have; but there are engines that take the wrong one of the two for unsigned, and accept the
 * module all the same (V8 11.3 behind its flag). A model would then write plausible rubbish.
 */
import type { Kernels } from './kernel-exports';

const q8_0 = 8;
const columns = 32;
/** Where the pieces lie: behind what the kernels keep for themselves, in the second page of a memory. */
const rowsAt = 65_536;
const matrixAt = rowsAt + 1024;
const valuesAt = rowsAt + 2048;
const recordAt = rowsAt + 3072;
const productAt = rowsAt + 4096;

/** Pages of 64 KiB that the check needs. */
export const knownProductPages = 2;

/** The weights of each of four rows: both ends of eight bits, nothing at all, and some of everything. */
const rows: readonly ((column: number) => number)[] = [
  (): number => -128,
  (): number => 127,
  (): number => 0,
  (column): number => column * 8 - 124,
];

/** 127, −126, 125, …: the largest is 127, so that the quantized activations are these numbers themselves. */
const activation = (column: number): number => (column % 2 === 0 ? 127 - column : column - 127);

/** One block of Q8_0 in each row, by one token. @returns whether all four sums are exact */
export function multipliesExactly(kernels: Kernels, memory: WebAssembly.Memory): boolean {
  const view = new DataView(memory.buffer);
  const rowBytes = kernels.fileBytesOf(q8_0, columns);
  for (const [row, weight] of rows.entries()) {
    const at = rowsAt + row * rowBytes;
    // The scale, 1 in half precision.
    view.setUint16(at, 0x3c00, true);
    for (let column = 0; column < columns; column += 1) view.setInt8(at + 2 + column, weight(column));
  }
  for (let column = 0; column < columns; column += 1) view.setFloat32(valuesAt + column * 4, activation(column), true);
  kernels.packRows(q8_0, columns, rowsAt, 1, matrixAt);
  kernels.quantize(columns, valuesAt, recordAt, columns);
  kernels.multiply(q8_0, matrixAt, kernels.groupBytesOf(q8_0, columns), 1, recordAt, 0, columns, 1, productAt, 0);
  return rows.every((weight, row) => view.getFloat32(productAt + row * 4, true) === exactSum(weight));
}

function exactSum(weight: (column: number) => number): number {
  let sum = 0;
  for (let column = 0; column < columns; column += 1) sum += weight(column) * activation(column);
  return sum;
}

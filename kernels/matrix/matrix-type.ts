/**
 * All matrices under one roof. A matrix lies in groups of four rows; a count of rows that is no multiple of four is filled up
 * with copies of the last row, whose results nobody reads. Columns are a multiple of the type's block, and even.
 */
import { packF32, readF32 } from './f32';
import { packHalf, readHalf } from './f16';
import { packQ4_0, Q4_0_BLOCK, Q4_0_GGUF, readQ4_0 } from './q4_0';
import { packQ4_K, Q4_K_BLOCK, Q4_K_GGUF, readQ4_K } from './q4_k';
import { packQ5_0, Q5_0_BLOCK, Q5_0_GGUF, readQ5_0 } from './q5_0';
import { packQ5_K, Q5_K_BLOCK, Q5_K_GGUF, readQ5_K } from './q5_k';
import { packQ6_K, Q6_K_BLOCK, Q6_K_GGUF, readQ6_K } from './q6_k';
import { packQ8_0, Q8_0_BLOCK, Q8_0_GGUF, readQ8_0 } from './q8_0';

/** The numbers of GGUF's types. `Bytes` is ours alone: the values of attention (see q8_0.ts). */
export const enum MatrixType {
  F32 = 0,
  F16 = 1,
  Q4_0 = 2,
  Q5_0 = 6,
  Q8_0 = 8,
  Q4_K = 12,
  Q5_K = 13,
  Q6_K = 14,
  BF16 = 30,
  Bytes = 100,
}

/** Columns that share a scale, on both sides of the product; 1 for floats. */
export function blockOf(type: i32): i32 {
  if (type == MatrixType.Q4_K || type == MatrixType.Q5_K || type == MatrixType.Q6_K) return 256;
  return type == MatrixType.F32 || type == MatrixType.F16 || type == MatrixType.BF16 ? 1 : 32;
}

/** Bytes of a group of four rows. */
export function groupBytesOf(type: i32, columns: usize): usize {
  switch (type) {
    case MatrixType.F32: return columns * 16;
    case MatrixType.F16:
    case MatrixType.BF16: return columns * 8;
    case MatrixType.Q4_0: return (columns >> 5) * Q4_0_BLOCK;
    case MatrixType.Q5_0: return (columns >> 5) * Q5_0_BLOCK;
    case MatrixType.Q8_0: return (columns >> 5) * Q8_0_BLOCK;
    case MatrixType.Q4_K: return (columns >> 8) * Q4_K_BLOCK;
    case MatrixType.Q5_K: return (columns >> 8) * Q5_K_BLOCK;
    case MatrixType.Q6_K: return (columns >> 8) * Q6_K_BLOCK;
    default: return (columns >> 5) * 128;
  }
}

/** Bytes of a row in a GGUF file. */
export function fileBytesOf(type: i32, columns: usize): usize {
  switch (type) {
    case MatrixType.F32: return columns * 4;
    case MatrixType.F16:
    case MatrixType.BF16: return columns * 2;
    case MatrixType.Q4_0: return (columns >> 5) * Q4_0_GGUF;
    case MatrixType.Q5_0: return (columns >> 5) * Q5_0_GGUF;
    case MatrixType.Q8_0: return (columns >> 5) * Q8_0_GGUF;
    case MatrixType.Q4_K: return (columns >> 8) * Q4_K_GGUF;
    case MatrixType.Q5_K: return (columns >> 8) * Q5_K_GGUF;
    default: return (columns >> 8) * Q6_K_GGUF;
  }
}

/**
 * Puts rows of a GGUF file in place.
 * @param from whole rows of the file, one after another
 * @param groups of four rows
 * @param to where the first group goes
 */
export function packRows(type: i32, columns: usize, from: usize, groups: i32, to: usize): void {
  const rowBytes = fileBytesOf(type, columns);
  const groupBytes = groupBytesOf(type, columns);
  for (let group = 0; group < groups; group++) {
    packGroup(type, columns, from, rowBytes, to);
    from += 4 * rowBytes;
    to += groupBytes;
  }
}

function packGroup(type: i32, columns: usize, from: usize, step: usize, to: usize): void {
  switch (type) {
    case MatrixType.F32:
      for (let c: usize = 0; c < columns; c++) packF32(from + c * 4, step, to + c * 16);
      return;
    case MatrixType.F16:
    case MatrixType.BF16:
      for (let c: usize = 0; c < columns; c += 2) packHalf(from + c * 2, step, to + c * 8);
      return;
    case MatrixType.Q4_0:
      for (let b: usize = 0; b < columns >> 5; b++) packQ4_0(from + b * Q4_0_GGUF, step, to + b * Q4_0_BLOCK);
      return;
    case MatrixType.Q5_0:
      for (let b: usize = 0; b < columns >> 5; b++) packQ5_0(from + b * Q5_0_GGUF, step, to + b * Q5_0_BLOCK);
      return;
    case MatrixType.Q8_0:
      for (let b: usize = 0; b < columns >> 5; b++) packQ8_0(from + b * Q8_0_GGUF, step, to + b * Q8_0_BLOCK);
      return;
    case MatrixType.Q4_K:
      for (let b: usize = 0; b < columns >> 8; b++) packQ4_K(from + b * Q4_K_GGUF, step, to + b * Q4_K_BLOCK);
      return;
    case MatrixType.Q5_K:
      for (let b: usize = 0; b < columns >> 8; b++) packQ5_K(from + b * Q5_K_GGUF, step, to + b * Q5_K_BLOCK);
      return;
    default:
      for (let b: usize = 0; b < columns >> 8; b++) packQ6_K(from + b * Q6_K_GGUF, step, to + b * Q6_K_BLOCK);
  }
}

/** Writes one row of a matrix as floats: an embedding. */
export function readRow(type: i32, matrix: usize, columns: usize, row: usize, to: usize): void {
  const group = matrix + (row >> 2) * groupBytesOf(type, columns);
  const lane = row & 3;
  switch (type) {
    case MatrixType.F32:
      readF32(group, lane, columns, to);
      return;
    case MatrixType.F16:
    case MatrixType.BF16:
      readHalf(type == MatrixType.BF16, group, lane, columns, to);
      return;
    case MatrixType.Q4_0:
      for (let b: usize = 0; b < columns >> 5; b++) readQ4_0(group + b * Q4_0_BLOCK, lane, to + b * 128);
      return;
    case MatrixType.Q5_0:
      for (let b: usize = 0; b < columns >> 5; b++) readQ5_0(group + b * Q5_0_BLOCK, lane, to + b * 128);
      return;
    case MatrixType.Q8_0:
      for (let b: usize = 0; b < columns >> 5; b++) readQ8_0(group + b * Q8_0_BLOCK, lane, to + b * 128);
      return;
    case MatrixType.Q4_K:
      for (let b: usize = 0; b < columns >> 8; b++) readQ4_K(group + b * Q4_K_BLOCK, lane, to + b * 1024);
      return;
    case MatrixType.Q5_K:
      for (let b: usize = 0; b < columns >> 8; b++) readQ5_K(group + b * Q5_K_BLOCK, lane, to + b * 1024);
      return;
    default:
      for (let b: usize = 0; b < columns >> 8; b++) readQ6_K(group + b * Q6_K_BLOCK, lane, to + b * 1024);
  }
}

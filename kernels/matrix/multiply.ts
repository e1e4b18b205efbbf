/**
 * Matrix times tokens. Each tile of up to four tokens goes through a group of rows at once, so that weights are read from memory
 * and unpacked once for four products; a matrix of 1,024 columns in Q4_K thereby takes a quarter of the time for each token.
 *
 *   tokens      0 1 2 3 │ 4 5 6 7 │ 8 9      two tiles of four, one of two
 *   group 0     first     second    third    four rows: each lane of a vector sums one
 *   group 1     …
 */
import { tileF32 } from './f32';
import { tileHalf } from './f16';
import { MatrixType } from './matrix-type';
import { tileQ4_0 } from './q4_0';
import { tileQ4_K } from './q4_k';
import { tileQ5_0 } from './q5_0';
import { tileQ5_K } from './q5_k';
import { tileQ6_K } from './q6_k';
import { tileBytes, tileQ8_0 } from './q8_0';

/** Tokens of the largest tile. */
export const TILE: i32 = 4;

/**
 * y[token][row] = Σ matrix[row][column] · x[token][column], for `groups` × 4 rows.
 * @param w the first of these groups; the next lies `groupBytes` behind it
 * @param columns to be summed: all, or the first of them
 * @param x records in the form of the type (see activations.ts), `xStep` bytes apart
 * @param y floats, `yStep` bytes from a token to the next
 */
export function multiply(
  type: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, tokens: i32, y: usize, yStep: usize,
): void {
  while (tokens >= TILE) {
    tile(type, 4, w, groupBytes, groups, x, xStep, columns, y, yStep);
    x += 4 * xStep;
    y += 4 * yStep;
    tokens -= TILE;
  }
  if (tokens > 0) tile(type, tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
}

function tile(
  type: i32, tokens: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  switch (type) {
    case MatrixType.F32: return f32(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.F16: return f16(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.BF16: return bF16(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.Q4_0: return q4_0(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.Q5_0: return q5_0(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.Q8_0: return q8_0(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.Q4_K: return q4_K(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.Q5_K: return q5_K(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.Q6_K: return q6_K(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
    case MatrixType.Bytes: return bytes(tokens, w, groupBytes, groups, x, xStep, columns, y, yStep);
  }
}

// One function for each type and count of tokens: the count must be known to the compiler.

function f32(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) f32Of4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) f32Of1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) f32Of2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else f32Of3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function f32Of1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileF32(1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function f32Of2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileF32(2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function f32Of3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileF32(3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function f32Of4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileF32(4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function f16(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) f16Of4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) f16Of1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) f16Of2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else f16Of3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function f16Of1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileHalf(false, 1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function f16Of2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileHalf(false, 2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function f16Of3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileHalf(false, 3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function f16Of4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileHalf(false, 4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function bF16(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) bF16Of4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) bF16Of1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) bF16Of2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else bF16Of3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function bF16Of1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileHalf(true, 1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function bF16Of2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileHalf(true, 2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function bF16Of3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileHalf(true, 3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function bF16Of4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileHalf(true, 4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function q4_0(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) q4_0Of4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) q4_0Of1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) q4_0Of2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else q4_0Of3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function q4_0Of1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ4_0(1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q4_0Of2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ4_0(2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q4_0Of3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ4_0(3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q4_0Of4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ4_0(4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function q5_0(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) q5_0Of4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) q5_0Of1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) q5_0Of2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else q5_0Of3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function q5_0Of1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ5_0(1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q5_0Of2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ5_0(2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q5_0Of3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ5_0(3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q5_0Of4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ5_0(4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function q8_0(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) q8_0Of4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) q8_0Of1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) q8_0Of2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else q8_0Of3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function q8_0Of1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ8_0(1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q8_0Of2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ8_0(2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q8_0Of3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ8_0(3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q8_0Of4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ8_0(4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function q4_K(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) q4_KOf4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) q4_KOf1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) q4_KOf2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else q4_KOf3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function q4_KOf1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ4_K(1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q4_KOf2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ4_K(2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q4_KOf3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ4_K(3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q4_KOf4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ4_K(4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function q5_K(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) q5_KOf4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) q5_KOf1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) q5_KOf2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else q5_KOf3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function q5_KOf1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ5_K(1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q5_KOf2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ5_K(2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q5_KOf3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ5_K(3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q5_KOf4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ5_K(4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function q6_K(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) q6_KOf4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) q6_KOf1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) q6_KOf2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else q6_KOf3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function q6_KOf1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ6_K(1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q6_KOf2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ6_K(2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q6_KOf3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ6_K(3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function q6_KOf4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileQ6_K(4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

function bytes(T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void {
  if (T == 4) bytesOf4(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 1) bytesOf1(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else if (T == 2) bytesOf2(w, groupBytes, groups, x, xStep, columns, y, yStep);
  else bytesOf3(w, groupBytes, groups, x, xStep, columns, y, yStep);
}
function bytesOf1(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileBytes(1, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function bytesOf2(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileBytes(2, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function bytesOf3(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileBytes(3, w, groupBytes, groups, x, xStep, columns, y, yStep); }
function bytesOf4(w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize): void { tileBytes(4, w, groupBytes, groups, x, xStep, columns, y, yStep); }

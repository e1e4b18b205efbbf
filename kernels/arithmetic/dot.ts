/**
 * The one multiplication that everything quantized rests on: four activations against four weights in each of four rows.
 *
 * Weights lie in memory so that one vector of 16 bytes holds four rows of a matrix, four neighboring columns each, and every
 * lane of the result sums one row; nothing has to be added across lanes. Weights are unsigned and below 128, which is where
 * the relaxed instruction is exact on every processor; so all builds and browsers come to the same integers.
 *
 *   with relaxed SIMD       byte  0..3   row 0, columns k..k+3     one instruction: i32x4.relaxed_dot_i8x16_i7x16_add_s
 *                           byte  4..7   row 1, …                  (activations are bytes)
 *
 *   without                 byte  0..1   row 0, columns k, k+1     widened to 16 bits: two i32x4.dot_i16x8_s
 *                           byte  2..3   row 1, columns k, k+1     (activations are 16-bit numbers)
 *                           …
 *                           byte  8..9   row 0, columns k+2, k+3
 */

/** Bytes of one quantized activation. */
@inline export const ACTIVATION_BYTES: usize = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;

/** @returns `sum` with, in each lane, the products of one row added. @param weights four rows × four columns, each 0 to 127 */
@inline
export function dot4(weights: v128, activations: usize, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD)
    return i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(activations), weights, sum);
  const first = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(weights), v128.load32_splat(activations));
  const second = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(weights), v128.load32_splat(activations, 4));
  return i32x4.add(sum, i32x4.add(first, second));
}

/** @returns the vector of weights for `dot4`. @param rows four columns of each of four rows, a row in each lane */
@inline
export function interleaved(rows: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return rows;
  return i8x16.shuffle(rows, rows, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
}

/** Where in such a vector the byte of a row and a column lies; both 0 to 3. */
@inline
export function byteOf(row: usize, column: usize): usize {
  if (ASC_FEATURE_RELAXED_SIMD) return row * 4 + column;
  return (column >> 1) * 8 + row * 2 + (column & 1);
}

/**
 * The one multiplication that everything quantized rests on: activations of one token against weights of four rows.
 *
 * Weights lie in memory so that one vector of 16 bytes, a step, holds four rows of a matrix, four neighboring columns each. They
 * are unsigned and below 128, which is where the relaxed instructions are exact on every processor.
 *
 *   with relaxed SIMD       byte  0..3   row 0, columns k..k+3     (activations are bytes)
 *                           byte  4..7   row 1, …
 *
 *   without                 byte  0..1   row 0, columns k, k+1     (activations are 16-bit numbers, and weights are widened)
 *                           byte  2..3   row 1, columns k, k+1
 *                           …
 *                           byte  8..9   row 0, columns k+2, k+3
 *
 * There are three builds, and all come to the same integers. They differ in what a processor does in one instruction:
 *
 *   relaxed, SHORT_SUMS     two products into 16 bits (x86: vpmaddubsw). A sum has two lanes for each row, and may not grow beyond
 *                           32,767: it is widened when a part of a block is over.
 *   relaxed                 four products into 32 bits (Arm: sdot, x86 with AVX-VNNI: vpdpbusd), where that is one instruction.
 *                           A sum has one lane for each row.
 *   fixed, SHORT_SUMS       one product into 16 bits, which every processor has. Sums as above.
 *
 * How many columns may be added before a short sum is full, for weights of at most
 *
 *    15  (Q4, halves of Q8)   32 columns:  16 products in a lane, 16 · 15 · 127 = 30,480
 *    31  (Q5)                 16 columns:   8 products in a lane,  8 · 31 · 127 = 31,496
 *    63  (Q6)                  8 columns:   4 products in a lane,  4 · 63 · 127 = 32,004
 */

/** Bytes of one quantized activation. */
@inline export const ACTIVATION_BYTES: usize = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;

/** @returns `sum` with the products of one step. @param activations four of them, in each 32 bits of the vector */
@inline
function relaxedStep(activations: v128, weights: v128, sum: v128): v128 {
  if (SHORT_SUMS) return i16x8.add(sum, i16x8.relaxed_dot_i8x16_i7x16_s(activations, weights));
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(activations, weights, sum);
}

/** The same by 16-bit numbers: `first` holds two activations in each 32 bits, `second` the next two. */
@inline
function fixedStep(first: v128, second: v128, weights: v128, sum: v128): v128 {
  const low = i16x8.mul(i16x8.extend_low_i8x16_u(weights), first);
  const high = i16x8.mul(i16x8.extend_high_i8x16_u(weights), second);
  return i16x8.add(sum, i16x8.add(low, high));
}

/** @returns `sum` with the products of eight columns. @param w0 weights of a step, each 0 to 127 @param x eight activations */
@inline
export function dot8(w0: v128, w1: v128, x: usize, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD)
    return relaxedStep(v128.load32_splat(x, 4), w1, relaxedStep(v128.load32_splat(x), w0, sum));
  sum = fixedStep(v128.load32_splat(x), v128.load32_splat(x, 4), w0, sum);
  return fixedStep(v128.load32_splat(x, 8), v128.load32_splat(x, 12), w1, sum);
}

/** The same for sixteen columns. Offsets are spelled out: they cost nothing as a part of the instruction that loads. */
@inline
export function dot16(w0: v128, w1: v128, w2: v128, w3: v128, x: usize, sum: v128): v128 {
  sum = dot8(w0, w1, x, sum);
  if (ASC_FEATURE_RELAXED_SIMD)
    return relaxedStep(v128.load32_splat(x, 12), w3, relaxedStep(v128.load32_splat(x, 8), w2, sum));
  sum = fixedStep(v128.load32_splat(x, 16), v128.load32_splat(x, 20), w2, sum);
  return fixedStep(v128.load32_splat(x, 24), v128.load32_splat(x, 28), w3, sum);
}

/** @returns a sum as one 32-bit number for each row */
@inline
export function rowSums(sum: v128): v128 {
  return SHORT_SUMS ? i32x4.extadd_pairwise_i16x8_s(sum) : sum;
}

/** @returns a sum times the factor of each row, as 32-bit numbers. @param factors see `factorsOf` */
@inline
export function timesFactors(sum: v128, factors: v128): v128 {
  return SHORT_SUMS ? i32x4.dot_i16x8_s(sum, factors) : i32x4.mul(sum, factors);
}

/** @returns the factors of four rows in the form of a sum. @param bytes four of them, 0 to 255 */
@inline
export function factorsOf(bytes: usize): v128 {
  const four = v128.load32_zero(bytes);
  if (!SHORT_SUMS) return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(four));
  return i16x8.extend_low_i8x16_u(i8x16.shuffle(four, four, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
}

/** The same for the first of two neighbors: each 32 bits of `pairs` hold two signed factors of a row, the first in the lower half. */
@inline
export function firstFactors(pairs: v128): v128 {
  if (!SHORT_SUMS) return i32x4.shr_s(i32x4.shl(pairs, 16), 16);
  return v128.or(v128.and(pairs, i32x4.splat(0x0000ffff)), i32x4.shl(pairs, 16));
}

/** @returns the vector of weights for a step. @param rows four columns of each of four rows, a row in each lane */
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

/**
 * Bytes of four rows, as a GGUF file has them one row after another, brought side by side for `dot4`:
 *
 *   file      row 0: a0 a1 a2 a3 …    row 1: b0 b1 b2 b3 …    row 2: c0 c1 c2 c3 …    row 3: d0 d1 d2 d3 …
 *   memory    a0 a1 a2 a3  b0 b1 b2 b3  c0 c1 c2 c3  d0 d1 d2 d3, then the next four bytes of each
 *
 * (Without relaxed SIMD the sixteen bytes of a step are in another order, see dot.ts.)
 */
import { interleaved } from '../arithmetic/dot';

/** Four bytes of each row at a time. @param step bytes from a row to the next in `from` @param bytes of a row, a multiple of four */
@inline
export function packFourRows(from: usize, step: usize, to: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 4) {
    let rows = v128.load32_zero(from + at);
    rows = v128.load_lane<u32>(from + step + at, rows, 1);
    rows = v128.load_lane<u32>(from + 2 * step + at, rows, 2);
    rows = v128.load_lane<u32>(from + 3 * step + at, rows, 3);
    v128.store(to + at * 4, interleaved(rows));
  }
}

/**
 * Masks of bytes, read from memory before a loop: V8 makes a constant anew at each use, by three instructions, which took a third
 * of the time of a product with one token.
 */
const masks = memory.data<u32>([0x0f0f0f0f, 0x10101010, 0x30303030]);

/** The lower four bits of each byte. */
@inline
export function lowerMask(): v128 {
  return v128.load32_splat(masks);
}

/** The fifth bit of each byte. */
@inline
export function fifthMask(): v128 {
  return v128.load32_splat(masks, 4);
}

/** The fifth and sixth bit of each byte. */
@inline
export function fifthAndSixthMask(): v128 {
  return v128.load32_splat(masks, 8);
}

/** The upper four bits of each byte, in its lower half. */
@inline
export function upperHalf(bytes: v128, lower: v128): v128 {
  return v128.and(i16x8.shr_u(bytes, 4), lower);
}

/**
 * The sums of a group of rows for each token of a tile. @param T tokens of the tile, known to the compiler @param y of the first
 * token @param yStep bytes from a token to the next
 */
@inline
export function storeTile(T: i32, y: usize, yStep: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
  v128.store(y, y0);
  if (T > 1) v128.store(y + yStep, y1);
  if (T > 2) v128.store(y + 2 * yStep, y2);
  if (T > 3) v128.store(y + 3 * yStep, y3);
}

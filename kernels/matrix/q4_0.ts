/**
 * Q4_0: blocks of 32 columns. value = d · (q − 8), q from 0 to 15.
 *
 * In memory, four rows side by side, 80 bytes a block:
 *
 *     0  d      f32 × 4 rows
 *    16  q      16 bytes [4 steps]: four rows × four columns (see dot.ts), lower halves for columns 0..15, upper for 16..31
 *
 * In GGUF a row's block has 18 bytes: d f16 · q [16].
 */
import { ACTIVATION_BYTES, byteOf, dot16, rowSums } from '../arithmetic/dot';
import { floatFromHalf } from '../arithmetic/half';
import { scalesOf, sumsOf32 } from './activations';
import { lowerMask, packFourRows, storeTile, upperHalf } from './four-rows';

export const Q4_0_BLOCK: usize = 80;
export const Q4_0_GGUF: usize = 18;

/** Puts one block of four rows in place. @param step bytes from a row to the next in `from` */
export function packQ4_0(from: usize, step: usize, to: usize): void {
  for (let row: usize = 0; row < 4; row++) store<f32>(to + row * 4, floatFromHalf(load<u16>(from + row * step)));
  packFourRows(from + 2, step, to + 16, 16);
}

/** Writes one row of a block as 32 floats. */
export function readQ4_0(block: usize, row: usize, to: usize): void {
  const d = load<f32>(block + row * 4);
  for (let column: usize = 0; column < 32; column++) {
    const inner = column & 15;
    const both = load<u8>(block + (inner >> 2) * 16 + byteOf(row, inner & 3), 16);
    const q = (column > 15 ? both >> 4 : both & 15) as i32;
    store<f32>(to + column * 4, d * ((q - 8) as f32));
  }
}

/** See `tileQ4_K`; here x holds records of blocks of 32. */
@inline
export function tileQ4_0(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  const scales = scalesOf(x, columns);
  const sums = sumsOf32(x, columns);
  const lower = lowerMask();
  for (let g = 0; g < groups; g++) {
    let block = w;
    let y0 = f32x4.splat(0), y1 = f32x4.splat(0), y2 = f32x4.splat(0), y3 = f32x4.splat(0);
    for (let b: usize = 0; b < columns >> 5; b++) {
      let n0 = i32x4.splat(0), n1 = i32x4.splat(0), n2 = i32x4.splat(0), n3 = i32x4.splat(0);
      const a = x + b * 32 * ACTIVATION_BYTES;
      const q0 = v128.load(block, 16), q1 = v128.load(block, 32), q2 = v128.load(block, 48), q3 = v128.load(block, 64);
      const low0 = v128.and(q0, lower), low1 = v128.and(q1, lower), low2 = v128.and(q2, lower), low3 = v128.and(q3, lower);
      n0 = dot16(low0, low1, low2, low3, a, n0);
      if (T > 1) n1 = dot16(low0, low1, low2, low3, a + xStep, n1);
      if (T > 2) n2 = dot16(low0, low1, low2, low3, a + 2 * xStep, n2);
      if (T > 3) n3 = dot16(low0, low1, low2, low3, a + 3 * xStep, n3);
      const high0 = upperHalf(q0, lower), high1 = upperHalf(q1, lower), high2 = upperHalf(q2, lower), high3 = upperHalf(q3, lower);
      n0 = dot16(high0, high1, high2, high3, a + 16 * ACTIVATION_BYTES, n0);
      if (T > 1) n1 = dot16(high0, high1, high2, high3, a + xStep + 16 * ACTIVATION_BYTES, n1);
      if (T > 2) n2 = dot16(high0, high1, high2, high3, a + 2 * xStep + 16 * ACTIVATION_BYTES, n2);
      if (T > 3) n3 = dot16(high0, high1, high2, high3, a + 3 * xStep + 16 * ACTIVATION_BYTES, n3);
      const d = v128.load(block);
      const scale = scales + b * 4, sum = sums + b * 4;
      y0 = f32x4.add(y0, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale)), f32x4.convert_i32x4_s(i32x4.sub(rowSums(n0), i32x4.shl(v128.load32_splat(sum), 3)))));
      if (T > 1) y1 = f32x4.add(y1, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + xStep)), f32x4.convert_i32x4_s(i32x4.sub(rowSums(n1), i32x4.shl(v128.load32_splat(sum + xStep), 3)))));
      if (T > 2) y2 = f32x4.add(y2, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + 2 * xStep)), f32x4.convert_i32x4_s(i32x4.sub(rowSums(n2), i32x4.shl(v128.load32_splat(sum + 2 * xStep), 3)))));
      if (T > 3) y3 = f32x4.add(y3, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + 3 * xStep)), f32x4.convert_i32x4_s(i32x4.sub(rowSums(n3), i32x4.shl(v128.load32_splat(sum + 3 * xStep), 3)))));
      block += Q4_0_BLOCK;
    }
    storeTile(T, y, yStep, y0, y1, y2, y3);
    y += 16;
    w += groupBytes;
  }
}

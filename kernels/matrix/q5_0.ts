/**
 * Q5_0: Q4_0 with a fifth bit. value = d · (q − 16), q from 0 to 31.
 *
 * In memory, four rows side by side, 96 bytes a block:
 *
 *     0  d             f32 × 4 rows
 *    16  fifth bits    16 bytes: four rows × four columns; bit s for step s of the lower halves, bit 4 + s for the upper
 *    32  lower four    16 bytes [4 steps]: four rows × four columns (see dot.ts), lower halves for columns 0..15, upper for 16..31
 *
 * In GGUF a row's block has 22 bytes: d f16 · fifth bits of columns 0..31 in 32 bits · lower four [16].
 */
import { ACTIVATION_BYTES, byteOf, dot16, rowSums } from '../arithmetic/dot';
import { floatFromHalf } from '../arithmetic/half';
import { scalesOf, sumsOf32 } from './activations';
import { fifthMask, lowerMask, packFourRows, storeTile, upperHalf } from './four-rows';

export const Q5_0_BLOCK: usize = 96;
export const Q5_0_GGUF: usize = 22;

/** Puts one block of four rows in place. @param step bytes from a row to the next in `from` */
export function packQ5_0(from: usize, step: usize, to: usize): void {
  v128.store(to, f32x4.splat(0), 16);
  for (let row: usize = 0; row < 4; row++) {
    const block = from + row * step;
    store<f32>(to + row * 4, floatFromHalf(load<u16>(block)));
    const bits = load<u32>(block, 2);
    for (let column: usize = 0; column < 32; column++) {
      const inner = column & 15;
      const at = to + byteOf(row, inner & 3);
      const bit = ((bits >> (column as u32)) & 1) << (((inner >> 2) + (column > 15 ? 4 : 0)) as u32);
      store<u8>(at, (load<u8>(at, 16) | bit) as u8, 16);
    }
  }
  packFourRows(from + 6, step, to + 32, 16);
}

/** Writes one row of a block as 32 floats. */
export function readQ5_0(block: usize, row: usize, to: usize): void {
  const d = load<f32>(block + row * 4);
  for (let column: usize = 0; column < 32; column++) {
    const inner = column & 15;
    const at = byteOf(row, inner & 3);
    const both = load<u8>(block + (inner >> 2) * 16 + at, 32);
    const fifth = (load<u8>(block + at, 16) >> (((inner >> 2) + (column > 15 ? 4 : 0)) as u8)) & 1;
    const q = ((column > 15 ? both >> 4 : both & 15) | (fifth << 4)) as i32;
    store<f32>(to + column * 4, d * ((q - 16) as f32));
  }
}

/** See `tileQ4_K`; here x holds records of blocks of 32. */
@inline
export function tileQ5_0(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  const scales = scalesOf(x, columns);
  const sums = sumsOf32(x, columns);
  const lower = lowerMask(), fifth = fifthMask(), zero = i32x4.splat(0);
  for (let g = 0; g < groups; g++) {
    let block = w;
    let y0 = f32x4.splat(0), y1 = f32x4.splat(0), y2 = f32x4.splat(0), y3 = f32x4.splat(0);
    for (let b: usize = 0; b < columns >> 5; b++) {
      let n0 = i32x4.splat(0), n1 = i32x4.splat(0), n2 = i32x4.splat(0), n3 = i32x4.splat(0);
      const a = x + b * 32 * ACTIVATION_BYTES;
      // Of each half of a byte, bit s belongs to step s.
      const bits = v128.load(block, 16);
      const q0 = v128.load(block, 32), q1 = v128.load(block, 48), q2 = v128.load(block, 64), q3 = v128.load(block, 80);
      const low0 = v128.or(v128.and(q0, lower), v128.and(i16x8.shl(bits, 4), fifth)), low1 = v128.or(v128.and(q1, lower), v128.and(i16x8.shl(bits, 3), fifth));
      const low2 = v128.or(v128.and(q2, lower), v128.and(i16x8.shl(bits, 2), fifth)), low3 = v128.or(v128.and(q3, lower), v128.and(i16x8.shl(bits, 1), fifth));
      n0 = i32x4.add(n0, rowSums(dot16(low0, low1, low2, low3, a, zero)));
      if (T > 1) n1 = i32x4.add(n1, rowSums(dot16(low0, low1, low2, low3, a + xStep, zero)));
      if (T > 2) n2 = i32x4.add(n2, rowSums(dot16(low0, low1, low2, low3, a + 2 * xStep, zero)));
      if (T > 3) n3 = i32x4.add(n3, rowSums(dot16(low0, low1, low2, low3, a + 3 * xStep, zero)));
      const high0 = v128.or(upperHalf(q0, lower), v128.and(bits, fifth)), high1 = v128.or(upperHalf(q1, lower), v128.and(i16x8.shr_u(bits, 1), fifth));
      const high2 = v128.or(upperHalf(q2, lower), v128.and(i16x8.shr_u(bits, 2), fifth)), high3 = v128.or(upperHalf(q3, lower), v128.and(i16x8.shr_u(bits, 3), fifth));
      n0 = i32x4.add(n0, rowSums(dot16(high0, high1, high2, high3, a + 16 * ACTIVATION_BYTES, zero)));
      if (T > 1) n1 = i32x4.add(n1, rowSums(dot16(high0, high1, high2, high3, a + xStep + 16 * ACTIVATION_BYTES, zero)));
      if (T > 2) n2 = i32x4.add(n2, rowSums(dot16(high0, high1, high2, high3, a + 2 * xStep + 16 * ACTIVATION_BYTES, zero)));
      if (T > 3) n3 = i32x4.add(n3, rowSums(dot16(high0, high1, high2, high3, a + 3 * xStep + 16 * ACTIVATION_BYTES, zero)));
      const d = v128.load(block);
      const scale = scales + b * 4, sum = sums + b * 4;
      y0 = f32x4.add(y0, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale)), f32x4.convert_i32x4_s(i32x4.sub(n0, i32x4.shl(v128.load32_splat(sum), 4)))));
      if (T > 1) y1 = f32x4.add(y1, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + xStep)), f32x4.convert_i32x4_s(i32x4.sub(n1, i32x4.shl(v128.load32_splat(sum + xStep), 4)))));
      if (T > 2) y2 = f32x4.add(y2, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + 2 * xStep)), f32x4.convert_i32x4_s(i32x4.sub(n2, i32x4.shl(v128.load32_splat(sum + 2 * xStep), 4)))));
      if (T > 3) y3 = f32x4.add(y3, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + 3 * xStep)), f32x4.convert_i32x4_s(i32x4.sub(n3, i32x4.shl(v128.load32_splat(sum + 3 * xStep), 4)))));
      block += Q5_0_BLOCK;
    }
    storeTile(T, y, yStep, y0, y1, y2, y3);
    y += 16;
    w += groupBytes;
  }
}

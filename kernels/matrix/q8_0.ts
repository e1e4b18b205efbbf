/**
 * Q8_0: blocks of 32 columns. value = d · q, q from −127 to 127.
 *
 * In memory, four rows side by side, 144 bytes a block:
 *
 *     0  d      f32 × 4 rows
 *    16  q + 128    16 bytes [8 steps]: four rows × four columns (see dot.ts)
 *
 * In GGUF a row's block has 34 bytes: d f16 · q i8 [32].
 *
 * An instruction for weights below 128 cannot take eight bits: so the two halves of each byte are multiplied apart, and the 128
 * that each is too large are taken off with the sum of the activations. The keys and values of attention have the same form.
 */
import { ACTIVATION_BYTES, byteOf, dot8, rowSums } from '../arithmetic/dot';
import { floatFromHalf } from '../arithmetic/half';
import { scalesOf, sumsOf32 } from './activations';
import { lowerMask, packFourRows, storeTile, upperHalf } from './four-rows';

export const Q8_0_BLOCK: usize = 144;
export const Q8_0_GGUF: usize = 34;

/** Puts one block of four rows in place. @param step bytes from a row to the next in `from` */
export function packQ8_0(from: usize, step: usize, to: usize): void {
  for (let row: usize = 0; row < 4; row++) store<f32>(to + row * 4, floatFromHalf(load<u16>(from + row * step)));
  packFourRows(from + 2, step, to + 16, 32);
  for (let q = to + 16; q < to + Q8_0_BLOCK; q += 16) v128.store(q, v128.xor(v128.load(q), i8x16.splat(-128)));
}

/** Writes one row of a block as 32 floats. */
export function readQ8_0(block: usize, row: usize, to: usize): void {
  const d = load<f32>(block + row * 4);
  for (let column: usize = 0; column < 32; column++) {
    const q = load<u8>(block + (column >> 2) * 16 + byteOf(row, column & 3), 16) as i32;
    store<f32>(to + column * 4, d * ((q - 128) as f32));
  }
}

/** The products of one step: `low` and `high` are the halves of the bytes. */
@inline
function scaledHigh(low: v128, high: v128, sum: usize): v128 {
  return i32x4.sub(i32x4.add(rowSums(low), i32x4.shl(rowSums(high), 4)), i32x4.shl(v128.load32_splat(sum), 7));
}

/** See `tileQ4_K`; here x holds records of blocks of 32. */
@inline
export function tileQ8_0(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  tile8(T, w, groupBytes, groups, x, xStep, columns, y, yStep, true);
}

/** As `tileQ8_0`, but the blocks have no scale: 128 bytes each, value = q. */
@inline
export function tileBytes(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  tile8(T, w, groupBytes, groups, x, xStep, columns, y, yStep, false);
}

@inline
function tile8(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
  hasScale: bool,
): void {
  const scales = scalesOf(x, columns);
  const sums = sumsOf32(x, columns);
  const lower = lowerMask();
  for (let g = 0; g < groups; g++) {
    let block = w;
    let y0 = f32x4.splat(0), y1 = f32x4.splat(0), y2 = f32x4.splat(0), y3 = f32x4.splat(0);
    for (let b: usize = 0; b < columns >> 5; b++) {
      let l0 = i32x4.splat(0), l1 = i32x4.splat(0), l2 = i32x4.splat(0), l3 = i32x4.splat(0);
      let h0 = i32x4.splat(0), h1 = i32x4.splat(0), h2 = i32x4.splat(0), h3 = i32x4.splat(0);
      let a = x + b * 32 * ACTIVATION_BYTES;
      const end = block + (hasScale ? 144 : 128);
      for (let q = end - 128; q < end; q += 32, a += 8 * ACTIVATION_BYTES) {
        const first = v128.load(q), second = v128.load(q, 16);
        const low0 = v128.and(first, lower), low1 = v128.and(second, lower);
        const high0 = upperHalf(first, lower), high1 = upperHalf(second, lower);
        { l0 = dot8(low0, low1, a, l0); h0 = dot8(high0, high1, a, h0); }
        if (T > 1) { l1 = dot8(low0, low1, a + xStep, l1); h1 = dot8(high0, high1, a + xStep, h1); }
        if (T > 2) { l2 = dot8(low0, low1, a + 2 * xStep, l2); h2 = dot8(high0, high1, a + 2 * xStep, h2); }
        if (T > 3) { l3 = dot8(low0, low1, a + 3 * xStep, l3); h3 = dot8(high0, high1, a + 3 * xStep, h3); }
      }
      const d = hasScale ? v128.load(block) : f32x4.splat(1);
      const scale = scales + b * 4, sum = sums + b * 4;
      y0 = f32x4.add(y0, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale)), f32x4.convert_i32x4_s(scaledHigh(l0, h0, sum))));
      if (T > 1) y1 = f32x4.add(y1, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + xStep)), f32x4.convert_i32x4_s(scaledHigh(l1, h1, sum + xStep))));
      if (T > 2) y2 = f32x4.add(y2, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + 2 * xStep)), f32x4.convert_i32x4_s(scaledHigh(l2, h2, sum + 2 * xStep))));
      if (T > 3) y3 = f32x4.add(y3, f32x4.mul(f32x4.mul(d, v128.load32_splat(scale + 3 * xStep)), f32x4.convert_i32x4_s(scaledHigh(l3, h3, sum + 3 * xStep))));
      block += hasScale ? Q8_0_BLOCK : 128;
    }
    storeTile(T, y, yStep, y0, y1, y2, y3);
    y += 16;
    w += groupBytes;
  }
}

/**
 * Q4_K: blocks of 256 columns in eight parts of 32. value = d · scale(part) · q − dmin · minimum(part), q from 0 to 15.
 *
 * In memory, four rows side by side, 608 bytes a block:
 *
 *     0  d            f32 × 4 rows
 *    16  dmin         f32 × 4 rows
 *    32  scales       u8 [8 parts][4 rows]
 *    64  minima       u8 [4 pairs of parts][4 rows][2 parts]
 *    96  q            16 bytes [4 pairs of parts][8 steps]: four rows × four columns (see dot.ts),
 *                     lower halves for part 2p, upper halves for part 2p + 1
 *
 * In GGUF a row's block has 144 bytes: d f16 · dmin f16 · twelve bytes of scales · q [4 pairs][32 columns].
 */
import { ACTIVATION_BYTES, byteOf, dot8, factorsOf } from '../arithmetic/dot';
import { floatFromHalf } from '../arithmetic/half';
import { scalesOf, sumsOf16 } from './activations';
import { lowerMask, packFourRows, storeTile, upperHalf } from './four-rows';
import { addScaledParts, blockInFloats, minimumK, scaleK, sumsOfParts } from './k-quants';

export const Q4_K_BLOCK: usize = 608;
export const Q4_K_GGUF: usize = 144;

/** Puts one block of four rows in place. @param step bytes from a row to the next in `from` */
export function packQ4_K(from: usize, step: usize, to: usize): void {
  for (let row: usize = 0; row < 4; row++) {
    const block = from + row * step;
    store<f32>(to + row * 4, floatFromHalf(load<u16>(block)));
    store<f32>(to + row * 4, floatFromHalf(load<u16>(block, 2)), 16);
    for (let part: usize = 0; part < 8; part++) {
      store<u8>(to + part * 4 + row, scaleK(block + 4, part) as u8, 32);
      store<u8>(to + (part >> 1) * 8 + row * 2 + (part & 1), minimumK(block + 4, part) as u8, 64);
    }
  }
  packFourRows(from + 16, step, to + 96, 128);
}

/** Writes one row of a block as 256 floats. */
export function readQ4_K(block: usize, row: usize, to: usize): void {
  const d = load<f32>(block + row * 4);
  const dmin = load<f32>(block + row * 4, 16);
  for (let part: usize = 0; part < 8; part++) {
    const scale = d * (load<u8>(block + part * 4 + row, 32) as f32);
    const minimum = dmin * (load<u8>(block + (part >> 1) * 8 + row * 2 + (part & 1), 64) as f32);
    for (let column: usize = 0; column < 32; column++) {
      const both = load<u8>(block + (part >> 1) * 128 + (column >> 2) * 16 + byteOf(row, column & 3), 96);
      const q = part & 1 ? both >> 4 : both & 15;
      store<f32>(to + (part * 32 + column) * 4, scale * (q as f32) - minimum);
    }
  }
}

/**
 * Multiplies `groups` × 4 rows with T tokens, T from 1 to 4 and known to the compiler: what belongs to tokens that there are not
 * is left out of the code.
 * @param x records of blocks of 256, `xStep` bytes apart
 * @param y floats, 4 · groups for each token, `yStep` bytes apart
 */
@inline
export function tileQ4_K(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  const scales = scalesOf(x, columns);
  const sums = sumsOf16(x, columns);
  const lower = lowerMask();
  for (let g = 0; g < groups; g++) {
    let block = w;
    let y0 = f32x4.splat(0), y1 = f32x4.splat(0), y2 = f32x4.splat(0), y3 = f32x4.splat(0);
    for (let b: usize = 0; b < columns >> 8; b++) {
      // Exact integers: products with their scales, and sums with their minima.
      let n0 = i32x4.splat(0), n1 = i32x4.splat(0), n2 = i32x4.splat(0), n3 = i32x4.splat(0);
      let m0 = i32x4.splat(0), m1 = i32x4.splat(0), m2 = i32x4.splat(0), m3 = i32x4.splat(0);
      for (let pair: usize = 0; pair < 4; pair++) {
        let l0 = i32x4.splat(0), l1 = i32x4.splat(0), l2 = i32x4.splat(0), l3 = i32x4.splat(0);
        let h0 = i32x4.splat(0), h1 = i32x4.splat(0), h2 = i32x4.splat(0), h3 = i32x4.splat(0);
        let a = x + (b * 256 + pair * 64) * ACTIVATION_BYTES;
        const end = block + 224 + pair * 128;
        for (let q = end - 128; q < end; q += 32, a += 8 * ACTIVATION_BYTES) {
          const first = v128.load(q), second = v128.load(q, 16);
          const low0 = v128.and(first, lower), low1 = v128.and(second, lower);
          const high0 = upperHalf(first, lower), high1 = upperHalf(second, lower);
          l0 = dot8(low0, low1, a, l0); h0 = dot8(high0, high1, a + 32 * ACTIVATION_BYTES, h0);
          if (T > 1) { l1 = dot8(low0, low1, a + xStep, l1); h1 = dot8(high0, high1, a + xStep + 32 * ACTIVATION_BYTES, h1); }
          if (T > 2) { l2 = dot8(low0, low1, a + 2 * xStep, l2); h2 = dot8(high0, high1, a + 2 * xStep + 32 * ACTIVATION_BYTES, h2); }
          if (T > 3) { l3 = dot8(low0, low1, a + 3 * xStep, l3); h3 = dot8(high0, high1, a + 3 * xStep + 32 * ACTIVATION_BYTES, h3); }
        }
        const lowScale = factorsOf(block + 32 + pair * 8), highScale = factorsOf(block + 36 + pair * 8);
        const minima = i16x8.extend_low_i8x16_u(v128.load64_zero(block + 64 + pair * 8));
        const s = sums + (b * 16 + pair * 4) * 2;
        n0 = addScaledParts(n0, l0, lowScale, h0, highScale);
        m0 = i32x4.add(m0, i32x4.dot_i16x8_s(minima, sumsOfParts(s)));
        if (T > 1) { n1 = addScaledParts(n1, l1, lowScale, h1, highScale); m1 = i32x4.add(m1, i32x4.dot_i16x8_s(minima, sumsOfParts(s + xStep))); }
        if (T > 2) { n2 = addScaledParts(n2, l2, lowScale, h2, highScale); m2 = i32x4.add(m2, i32x4.dot_i16x8_s(minima, sumsOfParts(s + 2 * xStep))); }
        if (T > 3) { n3 = addScaledParts(n3, l3, lowScale, h3, highScale); m3 = i32x4.add(m3, i32x4.dot_i16x8_s(minima, sumsOfParts(s + 3 * xStep))); }
      }
      const d = v128.load(block), dmin = v128.load(block, 16);
      const scale = scales + b * 4;
      y0 = f32x4.add(y0, blockInFloats(d, n0, dmin, m0, scale));
      if (T > 1) y1 = f32x4.add(y1, blockInFloats(d, n1, dmin, m1, scale + xStep));
      if (T > 2) y2 = f32x4.add(y2, blockInFloats(d, n2, dmin, m2, scale + 2 * xStep));
      if (T > 3) y3 = f32x4.add(y3, blockInFloats(d, n3, dmin, m3, scale + 3 * xStep));
      block += Q4_K_BLOCK;
    }
    storeTile(T, y, yStep, y0, y1, y2, y3);
    y += 16;
    w += groupBytes;
  }
}

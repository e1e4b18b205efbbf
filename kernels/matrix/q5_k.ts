/**
 * Q5_K: Q4_K with a fifth bit. value = d · scale(part) · q − dmin · minimum(part), q from 0 to 31.
 *
 * In memory, four rows side by side, 736 bytes a block:
 *
 *     0  d, dmin, scales, minima as in Q4_K
 *    96  fifth bits   16 bytes [8 steps]: four rows × four columns, bit p for part p
 *   224  lower four   16 bytes [4 pairs of parts][8 steps], as in Q4_K
 *
 * In GGUF a row's block has 176 bytes: d f16 · dmin f16 · twelve bytes of scales · fifth bits [32] · lower four [4 pairs][32].
 */
import { ACTIVATION_BYTES, byteOf, dot16, factorsOf, timesFactors } from '../arithmetic/dot';
import { floatFromHalf } from '../arithmetic/half';
import { scalesOf, sumsOf16 } from './activations';
import { fifthMask, lowerMask, packFourRows, storeTile, upperHalf } from './four-rows';
import { blockInFloats, minimumK, scaleK, sumsOfParts } from './k-quants';

export const Q5_K_BLOCK: usize = 736;
export const Q5_K_GGUF: usize = 176;

/** Puts one block of four rows in place. @param step bytes from a row to the next in `from` */
export function packQ5_K(from: usize, step: usize, to: usize): void {
  for (let row: usize = 0; row < 4; row++) {
    const block = from + row * step;
    store<f32>(to + row * 4, floatFromHalf(load<u16>(block)));
    store<f32>(to + row * 4, floatFromHalf(load<u16>(block, 2)), 16);
    for (let part: usize = 0; part < 8; part++) {
      store<u8>(to + part * 4 + row, scaleK(block + 4, part) as u8, 32);
      store<u8>(to + (part >> 1) * 8 + row * 2 + (part & 1), minimumK(block + 4, part) as u8, 64);
    }
  }
  packFourRows(from + 16, step, to + 96, 32);
  packFourRows(from + 48, step, to + 224, 128);
}

/** Writes one row of a block as 256 floats. */
export function readQ5_K(block: usize, row: usize, to: usize): void {
  const d = load<f32>(block + row * 4);
  const dmin = load<f32>(block + row * 4, 16);
  for (let part: usize = 0; part < 8; part++) {
    const scale = d * (load<u8>(block + part * 4 + row, 32) as f32);
    const minimum = dmin * (load<u8>(block + (part >> 1) * 8 + row * 2 + (part & 1), 64) as f32);
    for (let column: usize = 0; column < 32; column++) {
      const at = (column >> 2) * 16 + byteOf(row, column & 3);
      const both = load<u8>(block + (part >> 1) * 128 + at, 224);
      const fifth = (load<u8>(block + at, 96) >> (part as u8)) & 1;
      const q = (part & 1 ? both >> 4 : both & 15) | (fifth << 4);
      store<f32>(to + (part * 32 + column) * 4, scale * (q as f32) - minimum);
    }
  }
}

/** The fifth bits of one part, in their place. */
@inline
function fifth(bits: v128, mask: v128): v128 {
  return v128.and(i8x16.eq(v128.and(bits, mask), mask), i8x16.splat(16));
}

/** See `tileQ4_K`. */
@inline
export function tileQ5_K(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  const scales = scalesOf(x, columns);
  const sums = sumsOf16(x, columns);
  const lower = lowerMask(), zero = i32x4.splat(0);
  for (let g = 0; g < groups; g++) {
    let block = w;
    let y0 = f32x4.splat(0), y1 = f32x4.splat(0), y2 = f32x4.splat(0), y3 = f32x4.splat(0);
    for (let b: usize = 0; b < columns >> 8; b++) {
      let n0 = i32x4.splat(0), n1 = i32x4.splat(0), n2 = i32x4.splat(0), n3 = i32x4.splat(0);
      let m0 = i32x4.splat(0), m1 = i32x4.splat(0), m2 = i32x4.splat(0), m3 = i32x4.splat(0);
      for (let pair: usize = 0; pair < 4; pair++) {
        const first = 1 << (2 * (pair as i32));
        const lowMask = i8x16.splat(first as i8), highMask = i8x16.splat((2 * first) as i8);
        const lowScale = factorsOf(block + 32 + pair * 8), highScale = factorsOf(block + 36 + pair * 8);
        let a = x + (b * 256 + pair * 64) * ACTIVATION_BYTES;
        let bits = block + 96;
        const end = block + 352 + pair * 128;
        for (let q = end - 128; q < end; q += 64, bits += 64, a += 16 * ACTIVATION_BYTES) {
          const q0 = v128.load(q), q1 = v128.load(q, 16), q2 = v128.load(q, 32), q3 = v128.load(q, 48);
          const bits0 = v128.load(bits), bits1 = v128.load(bits, 16), bits2 = v128.load(bits, 32), bits3 = v128.load(bits, 48);
          const low0 = v128.or(v128.and(q0, lower), fifth(bits0, lowMask)), low1 = v128.or(v128.and(q1, lower), fifth(bits1, lowMask));
          const low2 = v128.or(v128.and(q2, lower), fifth(bits2, lowMask)), low3 = v128.or(v128.and(q3, lower), fifth(bits3, lowMask));
          n0 = i32x4.add(n0, timesFactors(dot16(low0, low1, low2, low3, a, zero), lowScale));
          if (T > 1) n1 = i32x4.add(n1, timesFactors(dot16(low0, low1, low2, low3, a + xStep, zero), lowScale));
          if (T > 2) n2 = i32x4.add(n2, timesFactors(dot16(low0, low1, low2, low3, a + 2 * xStep, zero), lowScale));
          if (T > 3) n3 = i32x4.add(n3, timesFactors(dot16(low0, low1, low2, low3, a + 3 * xStep, zero), lowScale));
          const high0 = v128.or(upperHalf(q0, lower), fifth(bits0, highMask)), high1 = v128.or(upperHalf(q1, lower), fifth(bits1, highMask));
          const high2 = v128.or(upperHalf(q2, lower), fifth(bits2, highMask)), high3 = v128.or(upperHalf(q3, lower), fifth(bits3, highMask));
          n0 = i32x4.add(n0, timesFactors(dot16(high0, high1, high2, high3, a + 32 * ACTIVATION_BYTES, zero), highScale));
          if (T > 1) n1 = i32x4.add(n1, timesFactors(dot16(high0, high1, high2, high3, a + xStep + 32 * ACTIVATION_BYTES, zero), highScale));
          if (T > 2) n2 = i32x4.add(n2, timesFactors(dot16(high0, high1, high2, high3, a + 2 * xStep + 32 * ACTIVATION_BYTES, zero), highScale));
          if (T > 3) n3 = i32x4.add(n3, timesFactors(dot16(high0, high1, high2, high3, a + 3 * xStep + 32 * ACTIVATION_BYTES, zero), highScale));
        }
        const minima = i16x8.extend_low_i8x16_u(v128.load64_zero(block + 64 + pair * 8));
        const s = sums + (b * 16 + pair * 4) * 2;
        m0 = i32x4.add(m0, i32x4.dot_i16x8_s(minima, sumsOfParts(s)));
        if (T > 1) m1 = i32x4.add(m1, i32x4.dot_i16x8_s(minima, sumsOfParts(s + xStep)));
        if (T > 2) m2 = i32x4.add(m2, i32x4.dot_i16x8_s(minima, sumsOfParts(s + 2 * xStep)));
        if (T > 3) m3 = i32x4.add(m3, i32x4.dot_i16x8_s(minima, sumsOfParts(s + 3 * xStep)));
      }
      const d = v128.load(block), dmin = v128.load(block, 16);
      const scale = scales + b * 4;
      y0 = f32x4.add(y0, blockInFloats(d, n0, dmin, m0, scale));
      if (T > 1) y1 = f32x4.add(y1, blockInFloats(d, n1, dmin, m1, scale + xStep));
      if (T > 2) y2 = f32x4.add(y2, blockInFloats(d, n2, dmin, m2, scale + 2 * xStep));
      if (T > 3) y3 = f32x4.add(y3, blockInFloats(d, n3, dmin, m3, scale + 3 * xStep));
      block += Q5_K_BLOCK;
    }
    storeTile(T, y, yStep, y0, y1, y2, y3);
    y += 16;
    w += groupBytes;
  }
}

/**
 * Q6_K: blocks of 256 columns in sixteen parts of 16. value = d · scale(part) · (q − 32), q from 0 to 63, scales signed.
 *
 * In memory, four rows side by side, 848 bytes a block; a half of the block has 128 columns, a quarter of it 32:
 *
 *     0  d            f32 × 4 rows
 *    16  scales       i8 [8 pairs of parts][4 rows][2 parts]
 *    80  lower four   16 bytes [2 halves][2][8 steps]: four rows × four columns (see dot.ts),
 *                     lower halves of a byte for quarters 0 and 1, upper halves for quarters 2 and 3
 *   592  upper two    16 bytes [2 halves][8 steps]: four rows × four columns, bits 2p, 2p + 1 for quarter p
 *
 * In GGUF a row's block has 210 bytes: lower four [2][64] · upper two [2][32] · scales i8 [16] · d f16.
 */
import { ACTIVATION_BYTES, byteOf, dot8, firstFactors, timesFactors } from '../arithmetic/dot';
import { floatFromHalf } from '../arithmetic/half';
import { scalesOf, sumsOf16 } from './activations';
import { fifthAndSixthMask, lowerMask, packFourRows, storeTile, upperHalf } from './four-rows';

export const Q6_K_BLOCK: usize = 848;
export const Q6_K_GGUF: usize = 210;

/** Puts one block of four rows in place. @param step bytes from a row to the next in `from` */
export function packQ6_K(from: usize, step: usize, to: usize): void {
  for (let row: usize = 0; row < 4; row++) {
    const block = from + row * step;
    store<f32>(to + row * 4, floatFromHalf(load<u16>(block, 208)));
    for (let part: usize = 0; part < 16; part++)
      store<i8>(to + (part >> 1) * 8 + row * 2 + (part & 1), load<i8>(block + part, 192), 16);
  }
  packFourRows(from, step, to + 80, 128);
  packFourRows(from + 128, step, to + 592, 64);
}

/** Writes one row of a block as 256 floats. */
export function readQ6_K(block: usize, row: usize, to: usize): void {
  const d = load<f32>(block + row * 4);
  for (let column: usize = 0; column < 256; column++) {
    const half = column >> 7, quarter = (column >> 5) & 3, inner = column & 31, part = column >> 4;
    const at = (inner >> 2) * 16 + byteOf(row, inner & 3);
    const both = load<u8>(block + half * 256 + (quarter & 1) * 128 + at, 80);
    const upper = (load<u8>(block + half * 128 + at, 592) >> (2 * (quarter as u8))) & 3;
    const q = ((quarter > 1 ? both >> 4 : both & 15) | (upper << 4)) as i32;
    const scale = d * (load<i8>(block + (part >> 1) * 8 + row * 2 + (part & 1), 16) as f32);
    store<f32>(to + column * 4, scale * ((q - 32) as f32));
  }
}

// The weights of one step, for each quarter of a half: four bits, and the two above them.
@inline
function quarter0(q: usize, bits: usize, lower: v128, upper: v128): v128 {
  return v128.or(v128.and(v128.load(q), lower), v128.and(i16x8.shl(v128.load(bits), 4), upper));
}
@inline
function quarter1(q: usize, bits: usize, lower: v128, upper: v128): v128 {
  return v128.or(v128.and(v128.load(q), lower), v128.and(i16x8.shl(v128.load(bits), 2), upper));
}
@inline
function quarter2(q: usize, bits: usize, lower: v128, upper: v128): v128 {
  return v128.or(upperHalf(v128.load(q), lower), v128.and(v128.load(bits), upper));
}
@inline
function quarter3(q: usize, bits: usize, lower: v128, upper: v128): v128 {
  return v128.or(upperHalf(v128.load(q), lower), v128.and(i16x8.shr_u(v128.load(bits), 2), upper));
}

/** n with the products of eight columns times their scale: more, and a short sum would be full (see dot.ts). */
@inline
function addProducts(n: v128, w0: v128, w1: v128, x: usize, scale: v128): v128 {
  return i32x4.add(n, timesFactors(dot8(w0, w1, x, i32x4.splat(0)), scale));
}

/** The sums of eight parts of a token, each times its scale. @param s eight of 16 bits */
@inline
function sumsTimesScales(pairs0: v128, pairs1: v128, pairs2: v128, pairs3: v128, s: usize): v128 {
  const first = i32x4.add(i32x4.dot_i16x8_s(pairs0, v128.load32_splat(s)), i32x4.dot_i16x8_s(pairs1, v128.load32_splat(s, 4)));
  const second = i32x4.add(i32x4.dot_i16x8_s(pairs2, v128.load32_splat(s, 8)), i32x4.dot_i16x8_s(pairs3, v128.load32_splat(s, 12)));
  return i32x4.add(first, second);
}

/** See `tileQ4_K`. */
@inline
export function tileQ6_K(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  const scales = scalesOf(x, columns);
  const sums = sumsOf16(x, columns);
  const lower = lowerMask(), upper = fifthAndSixthMask();
  for (let g = 0; g < groups; g++) {
    let block = w;
    let y0 = f32x4.splat(0), y1 = f32x4.splat(0), y2 = f32x4.splat(0), y3 = f32x4.splat(0);
    for (let b: usize = 0; b < columns >> 8; b++) {
      // Exact integers: products with their scales, and sums with their scales, for the 32 that each q is too large.
      let n0 = i32x4.splat(0), n1 = i32x4.splat(0), n2 = i32x4.splat(0), n3 = i32x4.splat(0);
      let m0 = i32x4.splat(0), m1 = i32x4.splat(0), m2 = i32x4.splat(0), m3 = i32x4.splat(0);
      for (let half: usize = 0; half < 2; half++) {
        let pairs0 = i16x8.extend_low_i8x16_s(v128.load64_zero(block + 16 + half * 32));
        let pairs1 = i16x8.extend_low_i8x16_s(v128.load64_zero(block + 24 + half * 32));
        let pairs2 = i16x8.extend_low_i8x16_s(v128.load64_zero(block + 32 + half * 32));
        let pairs3 = i16x8.extend_low_i8x16_s(v128.load64_zero(block + 40 + half * 32));
        const s = sums + (b * 16 + half * 8) * 2;
        m0 = i32x4.add(m0, sumsTimesScales(pairs0, pairs1, pairs2, pairs3, s));
        if (T > 1) m1 = i32x4.add(m1, sumsTimesScales(pairs0, pairs1, pairs2, pairs3, s + xStep));
        if (T > 2) m2 = i32x4.add(m2, sumsTimesScales(pairs0, pairs1, pairs2, pairs3, s + 2 * xStep));
        if (T > 3) m3 = i32x4.add(m3, sumsTimesScales(pairs0, pairs1, pairs2, pairs3, s + 3 * xStep));
        let a = x + (b * 256 + half * 128) * ACTIVATION_BYTES;
        let bits = block + 592 + half * 128;
        const end = block + 208 + half * 256;
        for (let q = end - 128; q < end; q += 32, bits += 32, a += 8 * ACTIVATION_BYTES) {
          let w0 = quarter0(q, bits, lower, upper), w1 = quarter0(q + 16, bits + 16, lower, upper);
          let scale = firstFactors(pairs0);
          n0 = addProducts(n0, w0, w1, a, scale);
          if (T > 1) n1 = addProducts(n1, w0, w1, a + xStep, scale);
          if (T > 2) n2 = addProducts(n2, w0, w1, a + 2 * xStep, scale);
          if (T > 3) n3 = addProducts(n3, w0, w1, a + 3 * xStep, scale);
          w0 = quarter1(q + 128, bits, lower, upper); w1 = quarter1(q + 144, bits + 16, lower, upper);
          scale = firstFactors(pairs1);
          n0 = addProducts(n0, w0, w1, a + 32 * ACTIVATION_BYTES, scale);
          if (T > 1) n1 = addProducts(n1, w0, w1, a + xStep + 32 * ACTIVATION_BYTES, scale);
          if (T > 2) n2 = addProducts(n2, w0, w1, a + 2 * xStep + 32 * ACTIVATION_BYTES, scale);
          if (T > 3) n3 = addProducts(n3, w0, w1, a + 3 * xStep + 32 * ACTIVATION_BYTES, scale);
          w0 = quarter2(q + 0, bits, lower, upper); w1 = quarter2(q + 16, bits + 16, lower, upper);
          scale = firstFactors(pairs2);
          n0 = addProducts(n0, w0, w1, a + 64 * ACTIVATION_BYTES, scale);
          if (T > 1) n1 = addProducts(n1, w0, w1, a + xStep + 64 * ACTIVATION_BYTES, scale);
          if (T > 2) n2 = addProducts(n2, w0, w1, a + 2 * xStep + 64 * ACTIVATION_BYTES, scale);
          if (T > 3) n3 = addProducts(n3, w0, w1, a + 3 * xStep + 64 * ACTIVATION_BYTES, scale);
          w0 = quarter3(q + 128, bits, lower, upper); w1 = quarter3(q + 144, bits + 16, lower, upper);
          scale = firstFactors(pairs3);
          n0 = addProducts(n0, w0, w1, a + 96 * ACTIVATION_BYTES, scale);
          if (T > 1) n1 = addProducts(n1, w0, w1, a + xStep + 96 * ACTIVATION_BYTES, scale);
          if (T > 2) n2 = addProducts(n2, w0, w1, a + 2 * xStep + 96 * ACTIVATION_BYTES, scale);
          if (T > 3) n3 = addProducts(n3, w0, w1, a + 3 * xStep + 96 * ACTIVATION_BYTES, scale);
          if (q == end - 96) {
            // The second part of each quarter: its scale takes the place of the first.
            pairs0 = i32x4.shr_u(pairs0, 16); pairs1 = i32x4.shr_u(pairs1, 16);
            pairs2 = i32x4.shr_u(pairs2, 16); pairs3 = i32x4.shr_u(pairs3, 16);
          }
        }
      }
      const d = v128.load(block);
      const scale = scales + b * 4;
      y0 = f32x4.add(y0, f32x4.mul(v128.load32_splat(scale), f32x4.mul(d, f32x4.convert_i32x4_s(i32x4.sub(n0, i32x4.shl(m0, 5))))));
      if (T > 1) y1 = f32x4.add(y1, f32x4.mul(v128.load32_splat(scale + xStep), f32x4.mul(d, f32x4.convert_i32x4_s(i32x4.sub(n1, i32x4.shl(m1, 5))))));
      if (T > 2) y2 = f32x4.add(y2, f32x4.mul(v128.load32_splat(scale + 2 * xStep), f32x4.mul(d, f32x4.convert_i32x4_s(i32x4.sub(n2, i32x4.shl(m2, 5))))));
      if (T > 3) y3 = f32x4.add(y3, f32x4.mul(v128.load32_splat(scale + 3 * xStep), f32x4.mul(d, f32x4.convert_i32x4_s(i32x4.sub(n3, i32x4.shl(m3, 5))))));
      block += Q6_K_BLOCK;
    }
    storeTile(T, y, yStep, y0, y1, y2, y3);
    y += 16;
    w += groupBytes;
  }
}

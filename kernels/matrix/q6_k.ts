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
import { ACTIVATION_BYTES, byteOf, dot4 } from '../arithmetic/dot';
import { floatFromHalf } from '../arithmetic/half';
import { scalesOf, sumsOf16 } from './activations';
import { packFourRows, storeTile } from './four-rows';

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

/** One of the two scales of a pair of parts, as a 32-bit number in the lane of its row. */
@inline
function scaleOfPart(pairs: v128, second: bool): v128 {
  return second ? i32x4.shr_s(pairs, 16) : i32x4.shr_s(i32x4.shl(pairs, 16), 16);
}

/** See `tileQ4_K`. */
@inline
export function tileQ6_K(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  const scales = scalesOf(x, columns);
  const sums = sumsOf16(x, columns);
  const lower = i8x16.splat(15), two = i8x16.splat(3);
  for (let g = 0; g < groups; g++) {
    let block = w;
    let y0 = f32x4.splat(0), y1 = f32x4.splat(0), y2 = f32x4.splat(0), y3 = f32x4.splat(0);
    for (let b: usize = 0; b < columns >> 8; b++) {
      // Exact integers: products with their scales, and sums with their scales, for the 32 that each q is too large.
      let n0 = i32x4.splat(0), n1 = i32x4.splat(0), n2 = i32x4.splat(0), n3 = i32x4.splat(0);
      let m0 = i32x4.splat(0), m1 = i32x4.splat(0), m2 = i32x4.splat(0), m3 = i32x4.splat(0);
      for (let both: usize = 0; both < 4; both++) {
        // Quarters `first` and `first + 2` of a half lie in one vector.
        const half = both >> 1, first = both & 1;
        const start = half * 128 + first * 32;
        const lowPairs = i16x8.extend_low_i8x16_s(v128.load64_zero(block + 16 + (start >> 5) * 8));
        const highPairs = i16x8.extend_low_i8x16_s(v128.load64_zero(block + 16 + ((start + 64) >> 5) * 8));
        let a = x + (b * 256 + start) * ACTIVATION_BYTES;
        let bits = block + 592 + half * 128;
        let q = block + 80 + both * 128;
        for (let part = 0; part < 2; part++) {
          let l0 = i32x4.splat(0), l1 = i32x4.splat(0), l2 = i32x4.splat(0), l3 = i32x4.splat(0);
          let h0 = i32x4.splat(0), h1 = i32x4.splat(0), h2 = i32x4.splat(0), h3 = i32x4.splat(0);
          for (let end = q + 64; q < end; q += 16, bits += 16) {
            const nibbles = v128.load(q), plane = i16x8.shr_u(v128.load(bits), 2 * (first as i32));
            const low = v128.or(v128.and(nibbles, lower), i16x8.shl(v128.and(plane, two), 4));
            const high = v128.or(
              v128.and(i16x8.shr_u(nibbles, 4), lower), i16x8.shl(v128.and(i16x8.shr_u(plane, 4), two), 4),
            );
            l0 = dot4(low, a, l0); h0 = dot4(high, a + 64 * ACTIVATION_BYTES, h0);
            if (T > 1) { l1 = dot4(low, a + xStep, l1); h1 = dot4(high, a + xStep + 64 * ACTIVATION_BYTES, h1); }
            if (T > 2) { l2 = dot4(low, a + 2 * xStep, l2); h2 = dot4(high, a + 2 * xStep + 64 * ACTIVATION_BYTES, h2); }
            if (T > 3) { l3 = dot4(low, a + 3 * xStep, l3); h3 = dot4(high, a + 3 * xStep + 64 * ACTIVATION_BYTES, h3); }
            a += 4 * ACTIVATION_BYTES;
          }
          const lowScale = scaleOfPart(lowPairs, part == 1), highScale = scaleOfPart(highPairs, part == 1);
          n0 = i32x4.add(n0, i32x4.add(i32x4.mul(l0, lowScale), i32x4.mul(h0, highScale)));
          if (T > 1) n1 = i32x4.add(n1, i32x4.add(i32x4.mul(l1, lowScale), i32x4.mul(h1, highScale)));
          if (T > 2) n2 = i32x4.add(n2, i32x4.add(i32x4.mul(l2, lowScale), i32x4.mul(h2, highScale)));
          if (T > 3) n3 = i32x4.add(n3, i32x4.add(i32x4.mul(l3, lowScale), i32x4.mul(h3, highScale)));
        }
        const s = sums + (b * 16 + (start >> 4)) * 2;
        m0 = i32x4.add(m0, i32x4.add(i32x4.dot_i16x8_s(lowPairs, v128.load32_splat(s)), i32x4.dot_i16x8_s(highPairs, v128.load32_splat(s, 8))));
        if (T > 1) m1 = i32x4.add(m1, i32x4.add(i32x4.dot_i16x8_s(lowPairs, v128.load32_splat(s + xStep)), i32x4.dot_i16x8_s(highPairs, v128.load32_splat(s + xStep, 8))));
        if (T > 2) m2 = i32x4.add(m2, i32x4.add(i32x4.dot_i16x8_s(lowPairs, v128.load32_splat(s + 2 * xStep)), i32x4.dot_i16x8_s(highPairs, v128.load32_splat(s + 2 * xStep, 8))));
        if (T > 3) m3 = i32x4.add(m3, i32x4.add(i32x4.dot_i16x8_s(lowPairs, v128.load32_splat(s + 3 * xStep)), i32x4.dot_i16x8_s(highPairs, v128.load32_splat(s + 3 * xStep, 8))));
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

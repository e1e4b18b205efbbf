/**
 * F16 and BF16, in memory four rows side by side, two columns in a vector; the count of columns is even:
 *
 *     0  column 0    16 bits × 4 rows
 *     8  column 1    16 bits × 4 rows
 *    16  column 2    …
 *
 * Weights are widened to floats for each tile of tokens. Tokens stay floats.
 */
import { floatFromBfloat, floatFromHalf, floatsFromBfloats, floatsFromHalves } from '../arithmetic/half';

/** Puts two columns of four rows in place. @param step bytes from a row to the next in `from` */
export function packHalf(from: usize, step: usize, to: usize): void {
  for (let row: usize = 0; row < 4; row++) {
    store<u16>(to + row * 2, load<u16>(from + row * step));
    store<u16>(to + row * 2, load<u16>(from + row * step, 2), 8);
  }
}

/** Writes `columns` floats of one row of a group. */
export function readHalf(isBfloat: bool, group: usize, row: usize, columns: usize, to: usize): void {
  for (let column: usize = 0; column < columns; column++) {
    const half = load<u16>(group + (column >> 1) * 16 + (column & 1) * 8 + row * 2);
    store<f32>(to + column * 4, isBfloat ? floatFromBfloat(half) : floatFromHalf(half));
  }
}

@inline
function widened(isBfloat: bool, halves: v128): v128 {
  return isBfloat ? floatsFromBfloats(halves) : floatsFromHalves(halves);
}

/** See `tileQ4_K`; here x holds floats. */
@inline
export function tileHalf(
  isBfloat: bool, T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  for (let g = 0; g < groups; g++) {
    let weights = w, a = x;
    // Even and odd columns apart: an addition takes longer than it takes to begin the next.
    let even0 = f32x4.splat(0), even1 = f32x4.splat(0), even2 = f32x4.splat(0), even3 = f32x4.splat(0);
    let odd0 = f32x4.splat(0), odd1 = f32x4.splat(0), odd2 = f32x4.splat(0), odd3 = f32x4.splat(0);
    for (const end = w + columns * 8; weights < end; weights += 16, a += 8) {
      const both = v128.load(weights);
      const first = widened(isBfloat, i32x4.extend_low_i16x8_u(both));
      const second = widened(isBfloat, i32x4.extend_high_i16x8_u(both));
      even0 = f32x4.add(even0, f32x4.mul(first, v128.load32_splat(a))); odd0 = f32x4.add(odd0, f32x4.mul(second, v128.load32_splat(a, 4)));
      if (T > 1) { even1 = f32x4.add(even1, f32x4.mul(first, v128.load32_splat(a + xStep))); odd1 = f32x4.add(odd1, f32x4.mul(second, v128.load32_splat(a + xStep, 4))); }
      if (T > 2) { even2 = f32x4.add(even2, f32x4.mul(first, v128.load32_splat(a + 2 * xStep))); odd2 = f32x4.add(odd2, f32x4.mul(second, v128.load32_splat(a + 2 * xStep, 4))); }
      if (T > 3) { even3 = f32x4.add(even3, f32x4.mul(first, v128.load32_splat(a + 3 * xStep))); odd3 = f32x4.add(odd3, f32x4.mul(second, v128.load32_splat(a + 3 * xStep, 4))); }
    }
    v128.store(y, f32x4.add(even0, odd0));
    if (T > 1) v128.store(y + yStep, f32x4.add(even1, odd1));
    if (T > 2) v128.store(y + 2 * yStep, f32x4.add(even2, odd2));
    if (T > 3) v128.store(y + 3 * yStep, f32x4.add(even3, odd3));
    y += 16;
    w += groupBytes;
  }
}

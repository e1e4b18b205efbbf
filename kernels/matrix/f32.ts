/**
 * F32, in memory four rows side by side; the count of columns is even:
 *
 *     0  column 0    f32 × 4 rows
 *    16  column 1    f32 × 4 rows
 *     …
 *
 * The floats of attention's keys and values have the same form (see layer/cache.ts).
 */

/** Puts one column of four rows in place. @param step bytes from a row to the next in `from` */
export function packF32(from: usize, step: usize, to: usize): void {
  for (let row: usize = 0; row < 4; row++) store<f32>(to + row * 4, load<f32>(from + row * step));
}

/** Writes `columns` floats of one row of a group. */
export function readF32(group: usize, row: usize, columns: usize, to: usize): void {
  for (let column: usize = 0; column < columns; column++) store<f32>(to + column * 4, load<f32>(group + column * 16 + row * 4));
}

/** See `tileQ4_K`; here x holds floats. */
@inline
export function tileF32(
  T: i32, w: usize, groupBytes: usize, groups: i32, x: usize, xStep: usize, columns: usize, y: usize, yStep: usize,
): void {
  for (let g = 0; g < groups; g++) {
    let weights = w, a = x;
    // Even and odd columns apart: an addition takes longer than it takes to begin the next.
    let even0 = f32x4.splat(0), even1 = f32x4.splat(0), even2 = f32x4.splat(0), even3 = f32x4.splat(0);
    let odd0 = f32x4.splat(0), odd1 = f32x4.splat(0), odd2 = f32x4.splat(0), odd3 = f32x4.splat(0);
    for (const end = w + columns * 16; weights < end; weights += 32, a += 8) {
      const first = v128.load(weights), second = v128.load(weights, 16);
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

/**
 * What a matrix is multiplied by, in the form that it wants. One record for each token:
 *
 *   floats              columns × f32                                          for F32, F16, BF16
 *
 *   blocks of 32        columns × activation (see dot.ts)                      for Q8_0, Q4_0, Q5_0
 *                       columns/32 × f32      scale of each block
 *                       columns/32 × i32      sum of the activations of each block
 *
 *   blocks of 256       columns × activation                                   for Q4_K, Q5_K, Q6_K
 *                       columns/256 × f32     scale of each block
 *                       columns/16 × i16      sum of each 16 activations
 *
 * The same blocks as llama.cpp's Q8_0 and Q8_K: so the same model has the same small errors here and there.
 */
import { ACTIVATION_BYTES } from '../arithmetic/dot';
import { largestLane } from '../arithmetic/lanes';

/** @param block 1 for floats, 32 or 256 */
export function activationBytes(block: i32, columns: usize): usize {
  if (block == 1) return columns * 4;
  const padded = columns * ACTIVATION_BYTES;
  return block == 32 ? padded + (columns >> 5) * 8 : padded + (columns >> 8) * 4 + (columns >> 4) * 2;
}

/** Where in a record of blocks the scales begin. */
@inline
export function scalesOf(record: usize, columns: usize): usize {
  return record + columns * ACTIVATION_BYTES;
}

@inline
export function sumsOf32(record: usize, columns: usize): usize {
  return scalesOf(record, columns) + (columns >> 5) * 4;
}

@inline
export function sumsOf16(record: usize, columns: usize): usize {
  return scalesOf(record, columns) + (columns >> 8) * 4;
}

/** Symmetric rounding to −127 … 127: the largest value of a block decides its scale. @param columns a multiple of the block */
export function quantize(block: i32, values: usize, record: usize, columns: usize): void {
  if (block == 32) quantize32(values, record, columns);
  else quantize256(values, record, columns);
}

function quantize32(values: usize, record: usize, columns: usize): void {
  const scales = scalesOf(record, columns);
  const sums = sumsOf32(record, columns);
  for (let b: usize = 0; b < columns >> 5; b++) {
    const at = values + b * 128;
    const scale = scaleOf(at, 32);
    store<f32>(scales + b * 4, scale);
    store<i32>(sums + b * 4, quantize16(at, record, b * 32, scale) + quantize16(at + 64, record, b * 32 + 16, scale));
  }
}

function quantize256(values: usize, record: usize, columns: usize): void {
  const scales = scalesOf(record, columns);
  const sums = sumsOf16(record, columns);
  for (let b: usize = 0; b < columns >> 8; b++) {
    const at = values + b * 1024;
    const scale = scaleOf(at, 256);
    store<f32>(scales + b * 4, scale);
    for (let part: usize = 0; part < 16; part++) {
      const sum = quantize16(at + part * 64, record, b * 256 + part * 16, scale);
      store<i16>(sums + (b * 16 + part) * 2, sum as i16);
    }
  }
}

/** What brings the largest of `count` values to 127. @param count a multiple of four */
export function scaleOf(values: usize, count: usize): f32 {
  let largest = f32x4.splat(0);
  for (let end = values + count * 4; values < end; values += 16)
    largest = f32x4.max(largest, f32x4.abs(v128.load(values)));
  return largestLane(largest) / 127;
}

/** @returns the sum of 16 quantized values */
@inline
function quantize16(values: usize, record: usize, index: usize, scale: f32): i32 {
  const inverse = f32x4.splat(scale > 0 ? 1 / scale : 0);
  const a = nearest(values, inverse);
  const b = nearest(values + 16, inverse);
  const c = nearest(values + 32, inverse);
  const d = nearest(values + 48, inverse);
  const low = i16x8.narrow_i32x4_s(a, b);
  const high = i16x8.narrow_i32x4_s(c, d);
  const at = record + index * ACTIVATION_BYTES;
  if (ACTIVATION_BYTES == 1) v128.store(at, i8x16.narrow_i16x8_s(low, high));
  else {
    v128.store(at, low);
    v128.store(at, high, 16);
  }
  const sum = i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}

@inline
function nearest(values: usize, inverse: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(values), inverse)));
}

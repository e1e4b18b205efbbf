/**
 * Keys and values of past positions, for one layer. Both lie as matrices that attention multiplies with, so that it needs no
 * kernels of its own:
 *
 *   keys     rows are positions, columns the numbers of a head: [kv head][position / 4] groups of Q8_0 or F32
 *   values   rows are the numbers of a head, columns positions: [kv head][number / 4] groups of bytes without scales, or of F32;
 *            the scale of a value belongs to its position, i.e. to a column, and goes to the other side of the product
 *
 *            position →   0  1  2  3 │ 4  5  6  7 │ …                    number →  0  1  2  3 │ …
 *   keys       number 0    a group      the next          values  position 0   a group      the next
 *              number 1    of four                                position 1   of four
 *              …           rows                                   …            rows
 *
 * Eight bits: 1 + 4/32 bytes a number for keys (a scale for each 32 numbers), 1 + 4/length for values.
 */
import { byteOf } from '../arithmetic/dot';
import { scaleOf } from '../matrix/activations';
import { Q8_0_BLOCK } from '../matrix/q8_0';

@inline
export function keyGroupBytes(byteCache: bool, length: usize): usize {
  return byteCache ? (length >> 5) * Q8_0_BLOCK : length * 16;
}

@inline
export function valueGroupBytes(byteCache: bool, capacity: usize): usize {
  return byteCache ? capacity * 4 : capacity * 16;
}

/** Bytes of the keys of one layer. @param capacity positions, a multiple of 32 */
export function keyCacheBytes(byteCache: bool, kvHeads: usize, length: usize, capacity: usize): usize {
  return kvHeads * (capacity >> 2) * keyGroupBytes(byteCache, length);
}

/** Bytes of the values of one layer, without their scales. */
export function valueCacheBytes(byteCache: bool, kvHeads: usize, length: usize, capacity: usize): usize {
  return kvHeads * (length >> 2) * valueGroupBytes(byteCache, capacity);
}

@inline
function unsignedByte(value: f32, inverse: f32): u8 {
  return ((nearest<f32>(value * inverse) as i32) + 128) as u8;
}

/** Keeps the key of one head and position. @param keys of this head */
export function keepKey(byteCache: bool, key: usize, length: usize, keys: usize, position: usize): void {
  const group = keys + (position >> 2) * keyGroupBytes(byteCache, length);
  const lane = position & 3;
  if (!byteCache) {
    for (let c: usize = 0; c < length; c++) store<f32>(group + c * 16 + lane * 4, load<f32>(key + c * 4));
    return;
  }
  for (let b: usize = 0; b < length >> 5; b++) {
    const block = group + b * Q8_0_BLOCK;
    const scale = scaleOf(key + b * 128, 32);
    const inverse: f32 = scale > 0 ? 1 / scale : 0;
    store<f32>(block + lane * 4, scale);
    for (let c: usize = 0; c < 32; c++)
      store<u8>(block + (c >> 2) * 16 + byteOf(lane, c & 3), unsignedByte(load<f32>(key + (b * 32 + c) * 4), inverse), 16);
  }
}

/** Keeps the value of one head and position. @param values and @param scales of this head */
export function keepValue(
  byteCache: bool, value: usize, length: usize, values: usize, scales: usize, capacity: usize, position: usize,
): void {
  const groupBytes = valueGroupBytes(byteCache, capacity);
  if (!byteCache) {
    for (let d: usize = 0; d < length; d++)
      store<f32>(values + (d >> 2) * groupBytes + position * 16 + (d & 3) * 4, load<f32>(value + d * 4));
    return;
  }
  const scale = scaleOf(value, length);
  const inverse: f32 = scale > 0 ? 1 / scale : 0;
  store<f32>(scales + position * 4, scale);
  const at = (position >> 5) * 128 + ((position & 31) >> 2) * 16;
  for (let d: usize = 0; d < length; d++)
    store<u8>(values + (d >> 2) * groupBytes + at + byteOf(d & 3, position & 3), unsignedByte(load<f32>(value + d * 4), inverse));
}

/**
 * RMS norm (Zhang and Sennrich 2019): y = x / √(mean(x²) + ε) · weight. The squares are added in eight sums side by side, always in
 * the same order: the result has the same bits on every device.
 */
import { sumOfLanes } from '../arithmetic/lanes';

/** @param columns a multiple of 4 @param weight floats @param to may be `x` */
export function rmsNorm(x: usize, weight: usize, to: usize, columns: usize, epsilon: f32): void {
  let even = f32x4.splat(0), odd = f32x4.splat(0);
  const end = x + columns * 4;
  let at = x;
  for (; at + 32 <= end; at += 32) {
    const a = v128.load(at), b = v128.load(at, 16);
    even = f32x4.add(even, f32x4.mul(a, a));
    odd = f32x4.add(odd, f32x4.mul(b, b));
  }
  if (at < end) even = f32x4.add(even, f32x4.mul(v128.load(at), v128.load(at)));
  const mean = sumOfLanes(f32x4.add(even, odd)) / (columns as f32);
  const scale = f32x4.splat(<f32>1 / sqrt<f32>(mean + epsilon));
  for (at = x; at < end; at += 16, weight += 16, to += 16)
    v128.store(to, f32x4.mul(f32x4.mul(v128.load(at), scale), v128.load(weight)));
}

/** Vectors of length 1: y = x / max(‖x‖, ε) · scale. The squares are added as those of a norm are (see norm.ts). */
import { sumOfLanes } from '../../arithmetic/lanes';

/** In place. @param columns a multiple of 4 */
export function unitLength(x: usize, columns: usize, epsilon: f32, scale: f32): void {
  const end = x + columns * 4;
  let sum = f32x4.splat(0);
  for (let at = x; at < end; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(at), v128.load(at)));
  const factor = f32x4.splat(scale / max(sqrt<f32>(sumOfLanes(sum)), epsilon));
  for (let at = x; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
}

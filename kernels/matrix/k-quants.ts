/**
 * Scales and minima of a Q4_K or Q5_K block in GGUF: eight of each, six bits long, in twelve bytes (ggml-quants.c,
 * get_scale_min_k4).
 *
 *   bytes 0..3     scales 0..3 in the lower six bits, upper bits of scales 4..7 above them
 *   bytes 4..7     minima 0..3 in the lower six bits, upper bits of minima 4..7 above them
 *   bytes 8..11    lower four bits of scales 4..7, and above them those of minima 4..7
 *
 * And what the products of both types share. For a block b of a row and a token, with parts p of 32 columns (ggml-quants.c,
 * `ggml_vec_dot_q4_K_q8_K`):
 *
 *   y += scale of the token(b) · ( d(b) · n − dmin(b) · m ),   n = Σp scale(p) · Σ q · x,   m = Σp minimum(p) · Σ x
 *
 * n and m are sums of whole numbers below 2^31, and therefore exact in whatever order they are added.
 */

import { timesFactors } from '../arithmetic/dot';

/** @param packed the twelve bytes @param index of a part, 0 to 7 */
@inline
export function scaleK(packed: usize, index: usize): u32 {
  if (index < 4) return load<u8>(packed + index) & 63;
  return (load<u8>(packed + index, 4) & 15) | ((load<u8>(packed + index - 4) >> 6) << 4);
}

/** See `scaleK`. */
@inline
export function minimumK(packed: usize, index: usize): u32 {
  if (index < 4) return load<u8>(packed + index, 4) & 63;
  return (load<u8>(packed + index, 4) >> 4) | ((load<u8>(packed + index) >> 6) << 4);
}

/** n with the products of two parts, each times its scale. */
@inline
export function addScaledParts(sum: v128, low: v128, lowScale: v128, high: v128, highScale: v128): v128 {
  return i32x4.add(sum, i32x4.add(timesFactors(low, lowScale), timesFactors(high, highScale)));
}

/**
 * The sums of a token's activations over a pair of parts, 16 bits each, the same pair in every lane. Records keep sums of 16, which
 * Q6_K needs; a part has two of them: [a, b, c, d] becomes [a + b, c + d] four times.
 */
@inline
export function sumsOfParts(sums: usize): v128 {
  const four = v128.load64_splat(sums);
  const two = i32x4.extadd_pairwise_i16x8_s(four);
  return i16x8.narrow_i32x4_s(two, two);
}

/** What n and m of a block come to. @param scale address of the token's scale for it */
@inline
export function blockInFloats(d: v128, n: v128, dmin: v128, m: v128, scale: usize): v128 {
  const value = f32x4.sub(f32x4.mul(d, f32x4.convert_i32x4_s(n)), f32x4.mul(dmin, f32x4.convert_i32x4_s(m)));
  return f32x4.mul(v128.load32_splat(scale), value);
}

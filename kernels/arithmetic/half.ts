/** 16-bit floats, for which WebAssembly has no instructions. */

/** What the exponents of the two formats differ by. */
@inline const TWO_TO_112: f32 = 5.192296858534827628530496329220096e33;

/**
 * IEEE 754 half to float: the exponent is moved into place as an integer and then corrected by a multiplication, which is exact
 * and gets subnormal numbers right (Fabian Giesen, "Half-float to float", method 2). Infinities and NaN become large numbers:
 * no weight is one.
 */
@inline
export function floatFromHalf(half: u32): f32 {
  const magnitude = reinterpret<f32>((half & 0x7fff) << 13) * TWO_TO_112;
  return reinterpret<f32>(reinterpret<u32>(magnitude) | ((half & 0x8000) << 16));
}

/** Four halves, each in the low half of a 32-bit lane, to four floats. */
@inline
export function floatsFromHalves(halves: v128): v128 {
  const sign = i32x4.shl(v128.and(halves, i32x4.splat(0x8000)), 16);
  const magnitude = f32x4.mul(i32x4.shl(v128.and(halves, i32x4.splat(0x7fff)), 13), f32x4.splat(TWO_TO_112));
  return v128.or(magnitude, sign);
}

/** A bfloat16 is the upper half of a float. */
@inline
export function floatFromBfloat(bfloat: u32): f32 {
  return reinterpret<f32>(bfloat << 16);
}

@inline
export function floatsFromBfloats(bfloats: v128): v128 {
  return i32x4.shl(bfloats, 16);
}

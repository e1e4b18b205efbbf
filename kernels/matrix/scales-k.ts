/**
 * Scales and minima of a Q4_K or Q5_K block in GGUF: eight of each, six bits long, in twelve bytes (ggml-quants.c,
 * get_scale_min_k4).
 *
 *   bytes 0..3     scales 0..3 in the lower six bits, upper bits of scales 4..7 above them
 *   bytes 4..7     minima 0..3 in the lower six bits, upper bits of minima 4..7 above them
 *   bytes 8..11    lower four bits of scales 4..7, and above them those of minima 4..7
 */

@inline
export function scaleK(packed: usize, index: usize): u32 {
  if (index < 4) return load<u8>(packed + index) & 63;
  return (load<u8>(packed + index, 4) & 15) | ((load<u8>(packed + index - 4) >> 6) << 4);
}

@inline
export function minimumK(packed: usize, index: usize): u32 {
  if (index < 4) return load<u8>(packed + index, 4) & 63;
  return (load<u8>(packed + index, 4) >> 4) | ((load<u8>(packed + index) >> 6) << 4);
}

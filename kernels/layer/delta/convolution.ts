/**
 * A short causal convolution: each channel of a token becomes a weighted sum of the last few tokens' and itself, and then its SiLU.
 * y[t] = silu(Σ weight[tap] · x[t − taps + 1 + tap])
 *
 *   tokens    −3   −2   −1 │  0    1    2   …         of four taps; those left of the line are from the pass before
 *              ╰────┴────┴────╯
 *                   ╰────┴────┴────╯
 */
import { silu } from '../../arithmetic/exponential';

/**
 * In place, for some channels of all tokens. Rows of everything lie `rowBytes` apart.
 * @param x the channels of the first token
 * @param weights [tap][channel]
 * @param before what the last `taps` − 1 tokens before the first were @param behind where the last ones of these are kept
 * @param length channels, a multiple of 4
 */
export function convolve(
  x: usize, count: i32, weights: usize, taps: i32, before: usize, behind: usize, length: usize, rowBytes: usize,
): void {
  const kept = taps - 1;
  for (let row = 0; row < kept; row++) {
    const token = count - kept + row;
    memory.copy(behind + (row as usize) * rowBytes, rowOf(x, before, token, kept, rowBytes), length * 4);
  }
  // Backwards: a token is needed until those behind it are done.
  for (let token = count - 1; token >= 0; token--) {
    for (let at: usize = 0; at < length * 4; at += 16) {
      let sum = f32x4.splat(0);
      for (let tap = 0; tap < taps; tap++) {
        const from = rowOf(x, before, token - kept + tap, kept, rowBytes);
        sum = f32x4.add(sum, f32x4.mul(v128.load(from + at), v128.load(weights + (tap as usize) * rowBytes + at)));
      }
      v128.store(x + (token as usize) * rowBytes + at, silu(sum));
    }
  }
}

/** Where a token lies, which may be before the first. */
@inline
function rowOf(x: usize, before: usize, token: i32, kept: i32, rowBytes: usize): usize {
  return token >= 0 ? x + (token as usize) * rowBytes : before + ((token + kept) as usize) * rowBytes;
}

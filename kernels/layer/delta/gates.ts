/**
 * How much a head of linear attention learns from a token, and how much of what it knew it keeps (Gu and Dao 2023, Mamba):
 *
 *   β = sigmoid(b) = 1 / (1 + e^−b)        decay = e^(rate · softplus(a)) = (1 + e^a)^rate,   as softplus(a) = ln(1 + e^a)
 *
 * Rates are negative. In double precision and by code of our own module, so that they are the same in every browser. All by powers,
 * which rotations need too (see rope.ts): the compiler's logarithm and exponential bring tables of their own.
 */

/** In place. @param beta, decay a float for each head @param rates floats */
export function toGates(beta: usize, decay: usize, rates: usize, heads: usize): void {
  for (let at: usize = 0; at < heads * 4; at += 4) {
    store<f32>(beta + at, (1 / (1 + NativeMath.pow(NativeMath.E, -(load<f32>(beta + at) as f64)))) as f32);
    const growth = 1 + NativeMath.pow(NativeMath.E, load<f32>(decay + at) as f64);
    store<f32>(decay + at, NativeMath.pow(growth, load<f32>(rates + at) as f64) as f32);
  }
}

/**
 * How much a head of linear attention learns from a token, β = sigmoid(b), and how much of what it knew it keeps,
 * decay = e^(rate · softplus(a)) with softplus(a) = ln(1 + e^a) (Gu and Dao 2023, Mamba). Rates are negative. In double precision and
 * by code of our own module, so that they are the same in every browser.
 */

/** In place. @param beta, decay a float for each head @param rates floats */
export function toGates(beta: usize, decay: usize, rates: usize, heads: usize): void {
  for (let at: usize = 0; at < heads * 4; at += 4) {
    store<f32>(beta + at, (1 / (1 + NativeMath.exp(-(load<f32>(beta + at) as f64)))) as f32);
    const a = load<f32>(decay + at) as f64;
    // Beyond this, 1 makes no difference to a float, and e^a would be too large in the end.
    const softplus = a > 20 ? a : NativeMath.log(1 + NativeMath.exp(a));
    store<f32>(decay + at, NativeMath.exp((load<f32>(rates + at) as f64) * softplus) as f32);
  }
}

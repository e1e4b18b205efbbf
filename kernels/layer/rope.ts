/**
 * Rotary position embedding (Su et al. 2021, RoFormer): pairs of numbers are turned by an angle that grows with the position,
 * θ(i) = position · base^(−2i / length). Which numbers make a pair depends on how a model was converted: neighbors for Llama,
 * one from each half for Qwen and Gemma.
 *
 *   neighbors   0 1 2 3 4 5 6 7      halves   0 1 2 3 │ 4 5 6 7      of a pair (a, b):   a' = a · cos θ − b · sin θ
 *               ╰─╯ ╰─╯ ╰─╯ ╰─╯               ╰─────────╯                                b' = a · sin θ + b · cos θ
 *
 *   table       [pair] cos θ, sin θ, as f32
 */

/**
 * Cosine and sine of each pair at a position, side by side as floats. In double precision and by code of our own module, so that
 * they are the same in every browser.
 * @param factors floats that each frequency is divided by (Llama 3.1 and later); 0 for none
 */
export function ropeTable(position: i32, base: f64, length: usize, factors: usize, to: usize): void {
  for (let i: usize = 0; i < length >> 1; i++) {
    const factor = factors == 0 ? 1.0 : (load<f32>(factors + i * 4) as f64);
    const angle = ((position as f64) * NativeMath.pow(base, (-2.0 * (i as f64)) / (length as f64))) / factor;
    store<f32>(to + i * 8, NativeMath.cos(angle) as f32);
    store<f32>(to + i * 8, NativeMath.sin(angle) as f32, 4);
  }
}

/** Turns one head in place. @param table of `ropeTable` @param length numbers that are turned, the first of the head */
export function rotate(head: usize, table: usize, length: usize, neighbors: bool): void {
  const half = length >> 1;
  const step: usize = neighbors ? 8 : 4;
  const apart: usize = neighbors ? 4 : half * 4;
  for (let i: usize = 0; i < half; i++) {
    const at = head + i * step;
    const cos = load<f32>(table + i * 8), sin = load<f32>(table + i * 8, 4);
    const a = load<f32>(at), b = load<f32>(at + apart);
    store<f32>(at, a * cos - b * sin);
    store<f32>(at + apart, a * sin + b * cos);
  }
}

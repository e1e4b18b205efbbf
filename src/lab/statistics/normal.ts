/** The standard normal distribution. */

/**
 * P(Z ≤ z), to about 14 digits for |z| < 8: Marsaglia's series, φ(z)·(z + z³/3 + z⁵/(3·5) + …).
 * Source: G. Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 11 (2004).
 */
export function normalProbability(z: number): number {
  if (z > 8) return 1;
  if (z < -8) return 0;
  let term = z;
  let total = z;
  for (let odd = 3; total + term !== total; odd += 2) {
    term *= (z * z) / odd;
    total += term;
  }
  return 0.5 + total * Math.exp(-0.5 * z * z - 0.5 * Math.log(2 * Math.PI));
}

/** The z that is exceeded with probability 1 − `probability`; NaN outside 0 < probability < 1. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) return Number.NaN;
  let low = -8;
  let high = 8;
  for (let step = 0; step < 100 && high - low > 1e-14; step += 1) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

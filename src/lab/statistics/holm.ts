/**
 * p-values that may be held against one level although several were computed: in ascending order, the k-th of n is multiplied by
 * n − k + 1, and none is less than the one before. The chance to call any pair of equal contenders different stays below the level,
 * however the tests hang together.
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 * @returns in the order that they came in
 */
export function holm(probabilities: readonly number[]): number[] {
  const order = probabilities.map((_, index) => index).sort((a, b) => at(probabilities, a) - at(probabilities, b));
  const adjusted = probabilities.map(() => 1);
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, at(probabilities, index) * (order.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}

const at = (values: readonly number[], index: number): number => values[index] ?? Number.NaN;

/** So many are changed at once: more would only wait for each other. */
const together = 100;

export function* inBatches<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += together) yield values.slice(start, start + together);
}

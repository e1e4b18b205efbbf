/** Reciprocal rank fusion: what two orders agree on comes first. Their scores need not be comparable. */

/** As in the paper that named it (Cormack and others, 2009): the first few places of an order are almost the same. */
const k = 60;

/** @param orders ids, each order best first @returns all ids, best first */
export function fused(orders: readonly (readonly number[])[]): readonly number[] {
  const scores = new Map<number, number>();
  for (const order of orders)
    for (const [rank, id] of order.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (k + rank + 1));
  return [...scores].sort((a, b) => b[1] - a[1]).map(([id]) => id);
}

/** Most steps of a comparison: about a second. Two texts of 200,000 characters have two hundred times as many. */
const mostSteps = 200_000_000;

/**
 * Insertions, deletions and replacements of characters (code points) from one text to the other.
 * @returns the number; `most + 1` for any that is higher; null where finding it would take too long
 */
export function distanceUpTo(a: string, b: string, most: number): number | null {
  let from = [...a];
  let to = [...b];
  if (from.length > to.length) [from, to] = [to, from];
  if (to.length - from.length > most) return most + 1;
  let begin = 0;
  while (begin < from.length && from[begin] === to[begin]) begin += 1;
  let end = 0;
  while (end < from.length - begin && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1;
  return banded(from.slice(begin, from.length - end), to.slice(begin, to.length - end), most);
}

/** Only cells near the diagonal can hold less than `most`; two rows are kept. `from` is the shorter one. */
function banded(from: readonly string[], to: readonly string[], most: number): number | null {
  const limit = Math.min(Math.floor(most), to.length);
  if (to.length * Math.min(2 * limit + 1, from.length) > mostSteps) return null;
  const far = limit + 1;
  let previous = Int32Array.from({ length: from.length + 1 }, (_, index) => Math.min(index, far));
  let row = new Int32Array(from.length + 1);
  for (let y = 1; y <= to.length; y += 1) {
    const first = Math.max(1, y - limit);
    const last = Math.min(from.length, y + limit);
    row[first - 1] = first === 1 ? Math.min(y, far) : far;
    let least = row[first - 1] ?? far;
    for (let x = first; x <= last; x += 1) {
      const replaced = (previous[x - 1] ?? far) + (from[x - 1] === to[y - 1] ? 0 : 1);
      const cost = Math.min(replaced, (previous[x] ?? far) + 1, (row[x - 1] ?? far) + 1, far);
      row[x] = cost;
      if (cost < least) least = cost;
    }
    // The next row looks one further to the right.
    if (last < from.length) row[last + 1] = far;
    if (least >= far) return Math.floor(most) + 1;
    [previous, row] = [row, previous];
  }
  const distance = previous[from.length] ?? far;
  return distance > limit ? Math.floor(most) + 1 : distance;
}

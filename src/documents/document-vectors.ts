/** Vectors as they are stored: signed bytes, a quarter of the room, and near enough to the numbers that the order stays. */

/** A number of a vector of length 1 is at most 1; stored, it is this. */
const scale = 127;

/** Writes a vector of length 1 at its place among those of a document. */
export function writeVector(into: Int8Array, row: number, vector: Float32Array): void {
  const start = row * vector.length;
  for (const [index, value] of vector.entries()) into[start + index] = Math.round(value * scale);
}

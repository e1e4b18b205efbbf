/** Small dense matrices, a row each. */
export type Matrix = readonly (readonly number[])[];

/** Inverse of a symmetric positive definite matrix, by Gauss and Jordan's elimination. */
export function inverse(matrix: Matrix): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, at) => [...row, ...row.map((_, column) => Number(column === at))]);
  rows.forEach((row, at) => {
    const pivot = row[at] ?? Number.NaN;
    for (let column = 0; column < row.length; column += 1) row[column] = (row[column] ?? 0) / pivot;
    for (const other of rows) {
      const factor = other[at] ?? 0;
      if (other === row || factor === 0) continue;
      for (let column = 0; column < row.length; column += 1)
        other[column] = (other[column] ?? 0) - factor * (row[column] ?? 0);
    }
  });
  return rows.map((row) => row.slice(size));
}

export const times = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, entry, column) => sum + entry * (vector[column] ?? 0), 0));

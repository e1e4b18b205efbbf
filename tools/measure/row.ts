/** One quantity of the design's table, as measured. */

export interface Row {
  readonly quantity: string;
  readonly target: string;
  /** The figure that is compared with the target, with its unit. */
  readonly measured: string;
  readonly met: boolean;
  /** Each sample of that figure, so that the spread can be judged. */
  readonly samples: readonly number[];
  /** What was measured and how, in words. */
  readonly conditions: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

export const rounded = (value: number, digits = 3): number => Number(value.toPrecision(digits));
export const roundedAll = (values: readonly number[], digits = 3): number[] =>
  values.map((value) => rounded(value, digits));

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
export const ratio = (value: number): string => value.toFixed(3);

/** "0.98 to 1.01" */
export const spreadOf = (values: readonly number[]): string =>
  `${rounded(Math.min(...values))} to ${rounded(Math.max(...values))}`;

/**
 * How fast a model will be that is not here yet: the memory of this device was measured, the bytes of the model are known, and
 * how much of the memory's speed an engine makes of it is known roughly, better with every model measured here.
 */

/** What this device has shown. */
export interface MeasuredSpeeds {
  /** GB/s at the number of threads that a large model gets; null where it was not measured. */
  readonly cpu: number | null;
  readonly gpu: number | null;
  /** Shares of these speeds that models reached here (MBU), by the place they ran. */
  readonly reached: { readonly cpu: readonly number[]; readonly gpu: readonly number[] };
}

export interface PredictedSpeed {
  /** Tokens per second. */
  readonly middle: number;
  /** In nineteen of twenty cases it is between these. */
  readonly low: number;
  readonly high: number;
}

/** Share of the memory's speed that Sotto's engine makes of it when it decodes. */
export const sottoMemoryShare = 0.5;

interface Expectation {
  /** Share of the memory's speed. */
  readonly middle: number;
  /** Standard deviation of its logarithm. */
  readonly spread: number;
}

/**
 * Before anything was measured here. Sotto's engine on the CPU: 0.46 for Qwen3-0.6B in Q4_K_M (docs/cpu-engine.md); a GPU mostly
 * waits to be told what to do.
 */
const usual: Readonly<Record<'cpu' | 'gpu', Expectation>> = {
  cpu: { middle: sottoMemoryShare, spread: 0.45 },
  gpu: { middle: 0.45, spread: 0.4 },
};
/** As many measurements as the usual counts for. */
const middleWeight = 1;
const spreadWeight = 3;

/**
 * @param bytes that are read for one token: the weights, less what is not used
 * @returns null where the memory was not measured
 */
export function predictSpeed(place: 'cpu' | 'gpu', bytes: number, measured: MeasuredSpeeds): PredictedSpeed | null {
  const bandwidth = measured[place];
  if (bandwidth === null || !(bandwidth > 0 && bytes > 0)) return null;
  const expected = usual[place];
  const seen = measured.reached[place].filter((share) => share > 0).map(Math.log);
  const count = seen.length;
  const center =
    (middleWeight * Math.log(expected.middle) + seen.reduce((sum, share) => sum + share, 0)) / (middleWeight + count);
  const squares = seen.reduce((sum, share) => sum + (share - center) ** 2, 0);
  const variance = (spreadWeight * expected.spread ** 2 + squares) / (spreadWeight + count);
  const reach = 1.96 * Math.sqrt(variance * (1 + 1 / (middleWeight + count)));
  const limit = (1e9 * bandwidth) / bytes;
  return {
    middle: limit * Math.exp(center),
    low: limit * Math.exp(center - reach),
    // No engine reads faster than memory can be read.
    high: Math.min(limit, limit * Math.exp(center + reach)),
  };
}

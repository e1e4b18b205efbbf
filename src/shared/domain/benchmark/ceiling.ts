/** The physical limit: what memory can deliver, what a token costs of it, and where its time goes. */

/** How fast memory could be read in one size. */
export interface BandwidthReading {
  readonly bytes: number;
  /** Median, 10⁹ bytes a second. */
  readonly gigabytesPerSecond: number;
  /** Half of the 95 % interval, as a share; null with one sample. */
  readonly halfWidth: number | null;
}

/** Reads of the CPU through WebAssembly. */
export interface CpuReading {
  readonly threads: number;
  readonly readings: readonly BandwidthReading[];
}

export interface GpuReading {
  readonly readings: readonly BandwidthReading[];
  /** The same in blocks of 18 bytes, as rows of Q4_0 lie in memory; GB/s. */
  readonly quantized: number | null;
  /** The kernel that was fastest: "256 × 4". */
  readonly variant: string;
  /** By the timestamps of the GPU; null where it has none. */
  readonly byTimestamp: number | null;
  readonly dispatchMicroseconds: number | null;
  readonly syncMicroseconds: number | null;
  /** 10⁹ operations a second of half-precision (or single) multiply-adds. */
  readonly gigaflops: number | null;
  readonly halfPrecision: boolean;
}

export interface CeilingReadings {
  readonly cpu: readonly CpuReading[];
  readonly gpu: GpuReading | null;
}

export interface Plateau {
  readonly gigabytesPerSecond: number;
  readonly bytes: number;
  readonly halfWidth: number | null;
  /** No size was as slow as the one before: caches still had a part in it. */
  readonly contaminated: boolean;
}

/** The first size whose speed is within 5 % of that of half the size; else the largest, in doubt. Null without a reading. */
export function plateauOf(readings: readonly BandwidthReading[]): Plateau | null {
  const sorted = [...readings].sort((a, b) => a.bytes - b.bytes);
  const settled = sorted.find((reading, index) => {
    const before = sorted[index - 1]?.gigabytesPerSecond;
    return before !== undefined && Math.abs(reading.gigabytesPerSecond / before - 1) <= 0.05;
  });
  const chosen = settled ?? sorted.at(-1);
  return chosen ? { ...chosen, contaminated: settled === undefined } : null;
}

/**
 * The speed at which this many bytes can be read over and over, GB/s: that of the plateau, or more for a model so small that
 * it stays in a cache.
 */
export function bandwidthFor(readings: readonly BandwidthReading[], bytes: number): number | null {
  const plateau = plateauOf(readings);
  if (!plateau) return null;
  const sorted = [...readings].sort((a, b) => a.bytes - b.bytes);
  const own = sorted.find((reading) => reading.bytes >= bytes);
  return Math.max(plateau.gigabytesPerSecond, own?.gigabytesPerSecond ?? 0);
}

/** What the weights say of their own use: exact, from the headers of the files. */
export interface WeightAccounting {
  /** Bytes of all tensors that are read for one token. */
  readonly activeBytes: number;
  /** What one token of context costs in the KV cache as it is kept here. */
  readonly kvBytesPerToken: number;
  readonly totalBytes: number;
  readonly parameters: number;
  /** Parameters that take part in one token. */
  readonly activeParameters: number;
  readonly tiedEmbeddings: boolean;
  readonly layers: number;
  readonly architecture: string;
  /** "Q4_K_M"; empty where unknown. */
  readonly quantization: string;
  readonly experts?: { readonly used: number; readonly of: number };
}

/** Bytes that must be read for one token at this depth. */
export const bytesPerToken = ({ activeBytes, kvBytesPerToken }: WeightAccounting, depth: number): number =>
  activeBytes + kvBytesPerToken * depth;

/** Tokens per second at most, when reading memory is all there is to do. */
export const roof = (gigabytesPerSecond: number, bytes: number): number => (1e9 * gigabytesPerSecond) / bytes;

export interface TokenBudget {
  /** ms of each token: reading memory, starting work on the GPU, waiting for it, and everything else. */
  readonly mem: number;
  readonly disp: number;
  readonly sync: number;
  readonly rest: number;
  /** Share of the time that the first three explain; above 1 when they are more than the whole. */
  readonly explained: number;
}

export function tokenBudget(parts: {
  readonly tokenMs: number;
  readonly bytes: number;
  readonly gigabytesPerSecond: number;
  readonly dispatches: number;
  readonly dispatchMicroseconds: number;
  readonly syncMicroseconds: number;
}): TokenBudget {
  const mem = parts.bytes / (parts.gigabytesPerSecond * 1e6);
  const disp = (parts.dispatches * parts.dispatchMicroseconds) / 1000;
  const sync = parts.syncMicroseconds / 1000;
  const known = mem + disp + sync;
  return { mem, disp, sync, rest: Math.max(0, parts.tokenMs - known), explained: known / parts.tokenMs };
}

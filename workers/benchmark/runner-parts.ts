import type { BenchmarkEvent } from '../../src/shared/protocol/benchmark';
import type { CeilingReadings } from '../../src/shared/domain/benchmark/ceiling';
import type { Engine } from '../engine/engine';
import type { Clock } from './clock';
import type { ReportedPage } from './reported-page';

/** Reads memory as fast as it goes: the physical limit, and how it fares in the course of a run. */
export interface MemoryReader {
  /** Looks for the limit with at most so much memory; rejects with `Stopped` on an abort. */
  measure(how: 'brief' | 'full', mostBytes: number, signal: AbortSignal): Promise<CeilingReadings>;
  /** GB/s of a read of about 200 ms; null where there is nothing to read with. */
  sample(signal: AbortSignal): Promise<number | null>;
  /** Gives its memory and threads back. */
  end(): void;
}

/** Counts what an engine does to the GPU. */
export interface GpuCounter {
  /** The most that lay in living buffers at any moment since the last `begin`. */
  readonly peakBytes: number;
  /** Another model is about to be loaded: what an earlier one took is none of its business. */
  begin(): void;
  /** Starts to work submitted while it runs. */
  countDispatches<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly dispatches: number }>;
}

/** Everything a run touches, so that a test can put a clock and an engine of its own in their places. */
export interface RunnerParts {
  readonly engine: Engine;
  /** Of the loaded model. */
  readonly contextTokens: number;
  readonly clock: Clock;
  /** Resolves after so many ms, or at once on an abort. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly post: (event: BenchmarkEvent) => void;
  readonly page: ReportedPage;
  readonly memory: MemoryReader | null;
  readonly gpu: GpuCounter | null;
  /** A fixed piece of work; how long it took, ms. */
  readonly canary: () => number;
  /** Reads all weights once, as an engine does; bytes. Null where there is nothing to read. */
  readonly readWeights: ((signal: AbortSignal) => Promise<number>) | null;
}

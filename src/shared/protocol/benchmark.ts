/** What page and engine worker say to each other while a benchmark runs. Types only. */
import type { ChatTurn, JobId, LoadRequest } from './engine';
import type { Failure } from './failure';
import type { CeilingReadings } from '../domain/benchmark/ceiling';
import type { EngineTimings } from './measurement';
import type { Profile } from '../domain/benchmark/profiles';
import type { RepCause, SkipReason } from '../domain/benchmark/reasons';
import type { TestShape } from '../domain/benchmark/shapes';

/** A question whose greedy answer is known. Wrong words at a high speed are worth nothing. */
export interface KnownAnswer {
  readonly id: string;
  readonly turns: readonly ChatTurn[];
  readonly maxTokens: number;
  /** How the answer begins, to the letter; */
  readonly begins?: string;
  /** or a pattern (of a `RegExp`, ignoring case) that must be found in it, for models whose own words are not known. */
  readonly contains?: string;
}

/** A profile made ready for one model on one device. */
export interface BenchmarkPlan extends Omit<Profile, 'around' | 'ceiling'> {
  readonly jobId: JobId;
  /** Repetitions beyond the least are begun only so long after the start of the runner, in ms. */
  readonly extendMs: number;
  /** Instead of rounds: segments of the first shape, back to back, for so long. */
  readonly sustainedMs: number | null;
  /** Idle time before the last segment of a sustained run, ms. */
  readonly recoveryMs: number;
  readonly ceiling: 'none' | 'brief' | 'full';
  /** The search for the limit takes at most so much memory. */
  readonly ceilingBytes: number;
  readonly knownAnswer: KnownAnswer | null;
  /** Weights to read twice, as the engine would, to see how fast that goes; null to leave it. */
  readonly readWeights: LoadRequest['files'] | null;
  /** Of the first prompt; each repetition has its own. */
  readonly seed: number;
}

/** What the page sees and the runner must know at once. */
export interface PageState {
  /** A page in the background is throttled: nothing is measured until it is seen again. */
  readonly visible: boolean;
  /** Serious or critical by the browser's own measure (Compute Pressure). */
  readonly pressed: boolean;
}

/** One repetition as it was measured. Times are ms of the worker's clock. */
export interface RawRep {
  /** Place in the run, warm-ups included. */
  readonly order: number;
  readonly shape: TestShape;
  readonly warmUp: boolean;
  readonly requestedAt: number;
  readonly endedAt: number;
  /** When each chunk was there. For `pp`: the first token, or the end of the prompt where the engine tells no more. */
  readonly stamps: readonly number[];
  /** Tokens in each chunk; null where each is one. */
  readonly chunkTokens: readonly number[] | null;
  /** Tokens of the prompt that were really evaluated; for `tg` the tokens before the first one; null where nobody tells. */
  readonly promptTokens: number | null;
  readonly cachedTokens: number | null;
  readonly engine: EngineTimings | null;
  /** How long a fixed piece of work took right before it, ms: longer than at other times means that others want the CPU. */
  readonly canaryMs: number;
  /** Tokens asked for and generated; both 0 for `pp`. */
  readonly wanted: number;
  readonly generated: number;
  /** Why it does not count, as far as the worker can tell. */
  readonly causes: readonly RepCause[];
  readonly pressed: boolean;
}

export type BenchmarkPhase =
  'clock' | 'answer' | 'ceiling' | 'warm-up' | 'measuring' | 'recovery' | 'ceiling-again' | 'chat';

/** Why there are more repetitions than the least: this test is not known well enough yet. */
export interface Extension {
  /** "pp512" */
  readonly test: string;
  /** Half of its interval, as a share of the rate. */
  readonly halfWidth: number;
}

/** What is to come. */
export interface Forecast {
  /** ms until the runner is done, as far as can be told now. */
  readonly leftMs: number | null;
  readonly extension: Extension | null;
}

export type BenchmarkEvent =
  | ({ readonly type: 'phase'; readonly phase: BenchmarkPhase; readonly fraction: number } & Forecast)
  | { readonly type: 'clock'; readonly resolutionMs: number }
  | {
      readonly type: 'answer';
      readonly id: string;
      readonly text: string;
      readonly matched: number;
      readonly of: number;
      readonly right: boolean;
    }
  | { readonly type: 'ceiling'; readonly readings: CeilingReadings }
  /** GB/s of a short read, in the order they were taken. */
  | { readonly type: 'canary'; readonly at: number; readonly gigabytesPerSecond: number }
  | { readonly type: 'weights-read'; readonly bytes: number; readonly milliseconds: readonly number[] }
  | { readonly type: 'rep'; readonly rep: RawRep }
  | { readonly type: 'skipped'; readonly shape: TestShape; readonly reason: SkipReason }
  /** So many tokens of the repetition in progress so far. Stamped by the page when it arrives: the user's side of the time. */
  | { readonly type: 'tokens'; readonly order: number; readonly tokens: number }
  | { readonly type: 'gpu'; readonly peakBytes: number; readonly dispatchesPerToken: number | null }
  /** The engine failed: the run ends, what was measured before stays. */
  | { readonly type: 'broke-off'; readonly failure: Failure };

/** The clock of the worker: `origin` is ms since 1970, `now` ms since then. Those of two threads differ. */
export interface WorkerTime {
  readonly origin: number;
  readonly now: number;
}

/** How a run came to its end, apart from failures. */
export type BenchmarkEnd = 'finished' | 'stopped' | 'broke-off';

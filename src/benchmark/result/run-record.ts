import type { CeilingReadings } from '../../shared/domain/benchmark/ceiling';
import type { BenchmarkEvent, RawRep } from '../../shared/protocol/benchmark';
import type { SkipReason } from '../../shared/domain/benchmark/reasons';
import { testName, type TestShape } from '../../shared/domain/benchmark/shapes';
import type { Failure } from '../../shared/protocol/failure';

/** How the tokens of one repetition reached the page: the first and the latest message about them. */
interface Arrival {
  readonly firstAt: number;
  readonly firstTokens: number;
  lastAt: number;
  lastTokens: number;
}

type Answer = Extract<BenchmarkEvent, { type: 'answer' }>;

/** Everything a run has told so far. What is here is not lost, however the run ends. */
export class RunRecord {
  resolutionMs: number | null = null;
  answer: Answer | null = null;
  ceiling: CeilingReadings | null = null;
  weightsRead: { readonly bytes: number; readonly milliseconds: readonly number[] } | null = null;
  readonly memorySamples: number[] = [];
  reps: RawRep[] = [];
  readonly skipped: { readonly shape: TestShape; readonly reason: SkipReason }[] = [];
  gpuPeakBytes: number | null = null;
  dispatchesPerToken: number | null = null;
  failure: Failure | null = null;
  readonly #arrivals = new Map<number, Arrival>();

  /** @param at when the page got it, ms of its own clock */
  take(event: BenchmarkEvent, at: number): void {
    switch (event.type) {
      case 'clock':
        this.resolutionMs = event.resolutionMs;
        break;
      case 'answer':
        this.answer = event;
        break;
      case 'ceiling':
        this.ceiling = event.readings;
        break;
      case 'canary':
        this.memorySamples.push(event.gigabytesPerSecond);
        break;
      case 'weights-read':
        this.weightsRead = event;
        break;
      case 'rep':
        this.reps.push(event.rep);
        break;
      case 'skipped':
        this.skipped.push(event);
        break;
      case 'tokens':
        this.#arrived(event.order, event.tokens, at);
        break;
      case 'gpu':
        this.gpuPeakBytes = event.peakBytes;
        this.dispatchesPerToken = event.dispatchesPerToken ?? this.dispatchesPerToken;
        break;
      case 'broke-off':
        this.failure = event.failure;
        break;
      case 'phase':
        break;
    }
  }

  /** Forgets what was counted of other tests. */
  keepOnly(names: readonly string[]): void {
    this.reps = this.reps.filter(({ warmUp, shape }) => warmUp || names.includes(testName(shape)));
  }

  /** Tokens per second as they reached the page; null where it was told too little. */
  arrivalRate(order: number): number | null {
    const arrival = this.#arrivals.get(order);
    if (!arrival || arrival.lastAt <= arrival.firstAt) return null;
    return (1000 * (arrival.lastTokens - arrival.firstTokens)) / (arrival.lastAt - arrival.firstAt);
  }

  #arrived(order: number, tokens: number, at: number): void {
    const arrival = this.#arrivals.get(order);
    if (!arrival) this.#arrivals.set(order, { firstAt: at, firstTokens: tokens, lastAt: at, lastTokens: tokens });
    else Object.assign(arrival, { lastAt: at, lastTokens: tokens });
  }
}

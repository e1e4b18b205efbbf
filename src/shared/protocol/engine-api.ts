/**
 * What page and engine worker say to each other. Types only.
 *
 * Calls go through comlink and return outcomes; text and progress are pushed by the worker as `EngineEvent`s on the
 * same channel, so an outcome can never overtake the last piece of its text.
 */
import type { CeilingReadings } from '../domain/benchmark/ceiling';
import type { MeasureOptions } from './measurement';
import type { BenchmarkEnd, BenchmarkEvent, BenchmarkPlan, PageState, WorkerTime } from './benchmark';
import type {
  ChatTurn,
  DecodeMeasurement,
  EmbedRequest,
  GenerationOutcome,
  GenerationRequest,
  JobId,
  LoadedModel,
  LoadProgress,
  LoadRequest,
  PrefillMeasurement,
  TranscriptionRequest,
} from './engine';
import type { Failure, Result } from './failure';

/** The calls the engine worker answers. Every failure is data: none of these rejects while the worker lives. */
export interface EngineApi {
  load(request: LoadRequest): Promise<Result<LoadedModel>>;
  generate(request: GenerationRequest): Promise<Result<GenerationOutcome>>;
  /** Ends a load or a generation; unknown or finished ids are ignored. Resolves when it has been asked, not when it has ended. */
  cancel(jobId: JobId): Promise<void>;
  unload(): Promise<Result<null>>;
  /**
   * Tokens that a conversation takes as a prompt, the template's own included, counted by the loaded model's tokenizer. Null
   * where the engine cannot count without evaluating (llama.cpp): then only the figures of past answers are exact.
   */
  countTokens(turns: readonly ChatTurn[]): Promise<Result<number | null>>;
  /**
   * Texts as directions, for search by meaning: a vector of length 1 for each, in their order, so that the product of two is
   * their cosine. `embedding-unsupported` where the engine cannot; `context-exceeded` for a text that the window does not hold.
   */
  embed(request: EmbedRequest): Promise<Result<readonly Float32Array[]>>;
  /** What is said in a sound. `model-cannot-hear` where the loaded model does not. Cancelled by its job id, with `cancelled`. */
  transcribe(request: TranscriptionRequest): Promise<Result<string>>;
  measurePrefill(tokens: number, options?: MeasureOptions): Promise<Result<PrefillMeasurement>>;
  measureDecode(tokens: number, options?: MeasureOptions): Promise<Result<DecodeMeasurement>>;
  /**
   * How fast the memory of CPU and GPU can be read: a few seconds, and no model is needed. Cancelled under `memoryJobId`.
   * @param mostBytes of memory to read; phones end pages that take much
   */
  measureMemory(mostBytes: number): Promise<Result<CeilingReadings>>;
  /** Runs a benchmark; everything found is pushed as `benchmark` events. A cancelled one resolves with `stopped`. */
  measure(plan: BenchmarkPlan): Promise<Result<BenchmarkEnd>>;
  /** Tells a running benchmark what only the page can see. */
  observe(page: PageState): Promise<void>;
  clock(): Promise<WorkerTime>;
  /** For the tests of delivery: when the scripted engine really emitted each token, in `performance.now()` ms of the worker. */
  emissions(): Promise<readonly number[]>;
}

export type EngineEvent =
  /** The worker's code has run and calls will be answered. */
  | { readonly type: 'ready' }
  | ({ readonly type: 'load-progress'; readonly modelId: string } & LoadProgress)
  /** The engine ended while nobody waited for it, as when the device was lost. Its worker is replaced. */
  | { readonly type: 'engine-lost'; readonly failure: Failure }
  | { readonly type: 'prefill-progress'; readonly jobId: JobId; readonly processed: number; readonly total: number }
  /** A batch of text; `tokens` is the count of tokens so far. The first comes at once, later ones about every 40 ms. */
  | { readonly type: 'text'; readonly jobId: JobId; readonly text: string; readonly tokens: number }
  | { readonly type: 'benchmark'; readonly runId: JobId; readonly event: BenchmarkEvent };

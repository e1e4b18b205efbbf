/** The interface behind which every engine lives. Implementations throw `FailureError` for what they foresee; the host turns all into data. */
import type { MeasureOptions } from '../../src/shared/protocol/measurement';
import type {
  ChatTurn,
  DecodeMeasurement,
  EngineKind,
  FinishReason,
  GenerationRequest,
  LoadedModel,
  LoadProgress,
  LoadRequest,
  Pooling,
  PrefillMeasurement,
  ServerFigures,
  TranscriptionRequest,
} from '../../src/shared/protocol/engine';
import type { Failure } from '../../src/shared/protocol/failure';
import type { ReadableFile } from '../file-content';

/** What an engine knows of a generation that the host cannot see for itself. */
export interface EngineResult {
  readonly finishReason: FinishReason;
  readonly promptTokens: number;
  readonly reusedTokens: number;
  /** Generated tokens that were guessed ahead and came out right; absent where the engine does not guess. */
  readonly guessedTokens?: number;
  /** As the engine counts them, where its pieces are not tokens; else the host counts the pieces. */
  readonly completionTokens?: number;
  /** Of an engine that asks a server. */
  readonly server?: ServerFigures;
}

/** Where an engine puts its tokens, each as soon as it has it: the host stamps, counts and batches them. */
export interface TokenSink {
  /** One generated token. Its text may be empty: the start of a character whose bytes are not all there yet. */
  token(text: string): void;
  prefillProgress(processed: number, total: number): void;
}

/** A load with its weights at hand, wherever they were. */
export interface EngineLoad extends Omit<LoadRequest, 'files'> {
  readonly files: readonly ReadableFile[];
}

/** All of it optional for the engine, too: the benchmark can tell what was ignored, and goes on without. */
export interface MeasureControl extends MeasureOptions {
  /** Ends the measurement early. */
  readonly signal?: AbortSignal;
  /** Called for each chunk right after it was stamped. */
  readonly onTokens?: (tokens: number) => void;
}

/** How long it took, the host tells. */
export type StartedModel = Omit<LoadedModel, 'loadMilliseconds'>;

export type ReportLoad = (progress: LoadProgress) => void;

export interface Engine {
  readonly kind: EngineKind;
  /** Set by the host: told when the engine ends while no call is running. */
  onLost?: (failure: Failure) => void;
  /** Loads the model. After an abort it has freed what it took and rejects with an `AbortError`. */
  load(request: EngineLoad, progress: ReportLoad, signal: AbortSignal): Promise<StartedModel>;
  /** Generates until the end, a limit or an abort. An abort is not a failure: it resolves with `cancelled`. */
  generate(request: GenerationRequest, sink: TokenSink, signal: AbortSignal): Promise<EngineResult>;
  /** Tokens of these turns as a prompt; null, or absent, where the engine cannot count without evaluating. */
  countTokens?(turns: readonly ChatTurn[]): Promise<number | null>;
  /** A vector of length 1 for each text; null after an abort. Absent where the engine cannot. */
  embed?(
    texts: readonly string[],
    pooling: Pooling | undefined,
    signal: AbortSignal,
  ): Promise<readonly Float32Array[] | null>;
  /** The text of a sound, its pieces put into the sink as they come; null after an abort. Absent where the engine hears nothing. */
  transcribe?(request: TranscriptionRequest, sink: TokenSink, signal: AbortSignal): Promise<string | null>;
  measurePrefill(tokens: number, control?: MeasureControl): Promise<PrefillMeasurement>;
  measureDecode(tokens: number, control?: MeasureControl): Promise<DecodeMeasurement>;
  /** Gives all memory back. The engine is not used again. */
  unload(): Promise<void>;
}

/** What an engine is asked and what it answers. Types only. */
import type { WeightAccounting } from '../domain/benchmark/ceiling';
import type { EngineTimings, EngineTuning, MeasureScript } from './measurement';
import type { Failure } from './failure';
import type { LogitBias } from '../domain/logit-bias';
import type { Senses, TurnMedia } from '../domain/senses';
import type { ServerConnection } from '../domain/server';

/**
 * `cpu` is Sotto's own: plain transformers in GGUF files. llama.cpp computes every other GGUF, and those on a GPU. `server` asks
 * a server of the person's own: nothing is computed here.
 */
export type EngineKind = 'cpu' | 'llama.cpp' | 'webllm' | 'server' | 'scripted';

/** The name of one generation, chosen by the page; cancelling goes by it, because an `AbortSignal` cannot cross threads. */
export type JobId = string;

/** Weights that the engine worker reads from the weights store itself. */
export interface StoredWeights {
  readonly storedModelId: string;
}

export type Backend = 'cpu' | 'webgpu';
export type KvCacheType = 'f16' | 'q8_0';

export interface LoadRequest {
  readonly modelId: string;
  readonly engine: EngineKind;
  /** One Blob for each GGUF file, in order, read in place; or where they are stored. */
  readonly files: readonly Blob[] | StoredWeights;
  /** Context window in tokens; the model's own limit when absent. Changing it means loading again. */
  readonly contextTokens?: number;
  /** CPU threads; chosen by the engine when absent (one where the page is not cross-origin isolated). */
  readonly threads?: number;
  /** For llama.cpp: where it computes, the CPU when absent. A GPU that fails is a failure; nothing is exchanged unasked. */
  readonly backend?: Backend;
  /** For GGUF: how the KV cache is kept, as the engine chooses when absent. 8 bits take half of the memory of 16. */
  readonly kvCache?: KvCacheType;
  /** For `server`: whom to ask. There are no files then. */
  readonly server?: ServerConnection;
  /** What the scripted engine of the tests is to play. */
  readonly script?: EngineScript;
}

/** What was really loaded, told by the engine rather than assumed by the page. */
export interface LoadedModel {
  readonly modelId: string;
  readonly engine: EngineKind;
  readonly backend: Backend | 'server';
  /** The GPU as the browser names it, where one computes: figures and checks hold for it alone. */
  readonly adapter?: string;
  readonly threads: number;
  readonly contextTokens: number;
  /** Names what ran, for figures that are to be compared: package and version. */
  readonly engineVersion: string;
  /** Time from the call to the loaded model, in ms. */
  readonly loadMilliseconds: number;
  /** What one token of it costs, from the headers of its files; absent where the engine does not tell. */
  readonly accounting?: WeightAccounting;
  /** With which settings it runs, for figures that are to be compared; absent where the engine does not tell. */
  readonly tuning?: EngineTuning;
  /** As the engine says; absent where it takes words alone. */
  readonly senses?: Senses;
}

export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  /** What goes with the words of a question, before them and in this order; only models with the senses for it take it. */
  readonly media?: readonly TurnMedia[];
}

/** Sampling settings. All optional: absent means the engine's neutral default. None of them ever reloads a model. */
export interface SamplingOptions {
  /** 0 is greedy. */
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  /** 1 is neutral. */
  readonly repeatPenalty?: number;
  /** 0 is neutral. */
  readonly presencePenalty?: number;
  /** 0 is neutral. */
  readonly frequencyPenalty?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  /** Added to the logits of single tokens, from -100 for never to 100 for always; by token id or by text. */
  readonly logitBias?: LogitBias;
  /** The answer is JSON that satisfies this JSON Schema; an empty text for any JSON. */
  readonly jsonSchema?: string;
}

export type SamplingField = keyof SamplingOptions;

const withoutCandidateLimits = [
  'temperature',
  'topP',
  'repeatPenalty',
  'presencePenalty',
  'frequencyPenalty',
  'seed',
  'maxTokens',
  'stop',
  'logitBias',
  'jsonSchema',
] as const satisfies readonly (keyof SamplingOptions)[];

const allSettings = [...withoutCandidateLimits, 'topK', 'minP'] as const;

/** Which settings an engine honors; others are left out of its requests, and the interface says so. */
export const honoredSettings = {
  cpu: allSettings,
  'llama.cpp': allSettings,
  webllm: withoutCandidateLimits,
  server: [...withoutCandidateLimits.filter((field) => field !== 'logitBias'), 'topK', 'minP'],
  scripted: ['maxTokens'],
} as const satisfies Readonly<Record<EngineKind, readonly (keyof SamplingOptions)[]>>;

export interface GenerationRequest {
  readonly jobId: JobId;
  /** The conversation so far. When it ends with an assistant turn, that answer is continued where it stops. */
  readonly turns: readonly ChatTurn[];
  readonly sampling: SamplingOptions;
  /** For models whose thinking can be switched; absent leaves it to the model. Others ignore it. */
  readonly thinking?: 'on' | 'off';
  /** False for measuring: evaluate the whole prompt even if a prefix of it is in the KV cache. Default true. */
  readonly reuseCache?: boolean;
  /** Whose conversation it is. Absent, nothing that is read for it is kept on the device. */
  readonly conversationId?: string;
  /** While the chats are locked: what is kept is sealed with this key, and nothing where it is absent. */
  readonly sealing?: SealingKey;
}

/** The data key of a lock. */
export interface SealingKey {
  readonly key: CryptoKey;
  readonly keyId: string;
}

export type FinishReason =
  /** The model ended its answer, or a stop string was met. */
  | 'stop'
  /** `maxTokens` was reached. */
  | 'length'
  /** The context window is full; the text so far is kept. */
  | 'context-full'
  /** The person stopped it. */
  | 'cancelled';

export interface GenerationFigures {
  /** Prompt tokens really evaluated. */
  readonly promptTokens: number;
  /** Prompt tokens taken from the KV cache of the turn before. */
  readonly reusedTokens: number;
  /** Tokens generated, the first included. */
  readonly completionTokens: number;
  /** Of these, those that were guessed from the conversation and checked together; absent where the engine does not guess. */
  readonly guessedTokens?: number;
  /** From the call in the engine worker to the first token there (prefill and first sample), in ms. */
  readonly timeToFirstTokenMs: number;
  /** From the first token to the last, both stamped in the engine worker, in ms: completionTokens - 1 intervals. */
  readonly decodeMs: number;
  /** Of an answer of a server: what it told beside the text. The times above are of this device's clock all the same, the way there included. */
  readonly server?: ServerFigures;
}

/** What a server told of an answer; each absent where it did not. */
export interface ServerFigures {
  /** Whether the counts of tokens are the server's; else each piece that arrived is counted as one. */
  readonly countsTokens: boolean;
  /** By the server's clock, for the prompt and for the answer, in ms. */
  readonly promptMs?: number;
  readonly answerMs?: number;
  /** The model that it says has answered, where that is another name than it was asked for. */
  readonly otherModel?: string;
}

export interface GenerationOutcome {
  readonly finishReason: FinishReason;
  readonly figures: GenerationFigures;
}

/** How the states of a text's tokens become one: that of the last token, or the mean of all. Models are trained for one of them. */
export type Pooling = 'last' | 'mean';

export interface EmbedRequest {
  readonly jobId: JobId;
  readonly texts: readonly string[];
  /** As the model's file says when absent, and the mean where it says nothing. */
  readonly pooling?: Pooling;
}

/** Speech to be written down, by a model that hears. Its text comes as `text` events, and whole with the outcome. */
export interface TranscriptionRequest {
  readonly jobId: JobId;
  /** WAV of 16 kHz, one channel, 16 bits. */
  readonly audio: Blob;
  /** ISO 639-1, where the person has said it; found by the model when absent. */
  readonly language?: string;
}

/** Raw prefill of n tokens with an empty KV cache: the benchmark's `pp` primitive. */
export interface PrefillMeasurement {
  /** Really evaluated. */
  readonly tokens: number;
  /** From the call to the first token. */
  readonly milliseconds: number;
  /** Taken from the KV cache, which should be none; absent where the engine does not tell. */
  readonly cachedTokens?: number;
  readonly engine?: EngineTimings;
}

/** Raw decode of n tokens: the benchmark's `tg` primitive. */
export interface DecodeMeasurement {
  /** One entry a chunk, `performance.now()` of the engine worker in ms, taken when the token was available there. */
  readonly timestamps: readonly number[];
  /** Tokens in each chunk; absent where each is one. */
  readonly chunkTokens?: readonly number[];
  /** When the engine was asked, by the same clock; absent: when `measureDecode` was called. */
  readonly requestedAt?: number;
  /** Tokens in the KV cache before the first generated one; absent where the engine does not tell. */
  readonly depthTokens?: number;
  readonly engine?: EngineTimings;
}

export const memoryJobId: JobId = 'memory';

/** The job id under which a running load can be cancelled. */
export const loadJobId = (modelId: string): JobId => `load:${modelId}`;

export type LoadPhase =
  /** Bytes come from the store. */
  | 'reading'
  /** Bytes come from the store and go to the GPU. */
  | 'uploading'
  /** The driver compiles the model's programs, `done` of `total`. */
  | 'compiling';

export interface LoadProgress {
  readonly phase: LoadPhase;
  /** Of the model's files; on a GPU, what has arrived there. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** While compiling. */
  readonly programs?: { readonly done: number; readonly total: number };
  /** Of the whole load, 0 to 1; never less than it was before. */
  readonly fraction: number;
}

/** What the scripted engine plays: a schedule of tokens, delays and failures. */
export interface EngineScript {
  readonly load?: { readonly delayMs?: number; readonly failure?: Failure; readonly hang?: boolean };
  /** One list for each generation in order; the last is repeated. */
  readonly answers: readonly (readonly ScriptStep[])[];
  readonly contextTokens?: number;
  readonly measure?: MeasureScript;
}

export type ScriptStep =
  | { readonly token: string; readonly delayMs?: number }
  /** `count` tokens `token` with `delayMs` before each. */
  | { readonly repeat: string; readonly count: number; readonly delayMs?: number }
  | { readonly fail: Failure }
  /** An exception that the engine did not foresee. */
  | { readonly throw: string }
  /** Never answers again, not even to a cancel: only terminating the worker helps. */
  | { readonly hang: true };

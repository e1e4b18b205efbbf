/** What engines are asked, and tell, when they are measured. Types only. */
import type { Failure } from './failure';

/** How a raw measurement is to be made. An engine that cannot do so leaves the field out that would tell that it did. */
export interface MeasureOptions {
  /** Of the words of the prompt: another seed, another prompt, so that nothing can be reused. */
  readonly seed?: number;
  /** Tokens to evaluate before the first generated one, for `measureDecode`; a shortest prompt when absent. */
  readonly depth?: number;
}

/** What an engine's own clock says: a cross-check, never the figure that is reported. */
export interface EngineTimings {
  readonly promptTokens: number;
  readonly promptMs: number;
  /** Tokens that the engine counts as generated. */
  readonly generatedTokens: number;
  /** How many intervals between tokens `decodeMs` covers. */
  readonly intervals: number;
  readonly decodeMs: number;
}

/** In llama.cpp's terms. */
export interface EngineTuning {
  /** Prompt tokens evaluated in one go, logically and physically. */
  readonly batchTokens: number;
  readonly microBatchTokens: number;
  readonly gpuLayers: number;
  readonly layers: number;
  /** "f16", "f32"… */
  readonly cacheTypeK: string;
  readonly cacheTypeV: string;
  readonly flashAttention: boolean;
  /** How the engine waits for the GPU, or for files: "jspi", "asyncify", "none". */
  readonly async: string;
  /** 64-bit WebAssembly memory. */
  readonly memory64: boolean;
}

/** How the scripted engine behaves when it is measured. Times in ms. */
export interface MeasureScript {
  /** For each token of a prompt, and once. Default 1 and 0. */
  readonly promptTokenMs?: number;
  readonly overheadMs?: number;
  /** Between two tokens. Default 1. */
  readonly tokenMs?: number;
  /** Factors on all of these for the first measurements, in order. */
  readonly slowdowns?: readonly number[];
  readonly tokensPerChunk?: number;
  /** Ends its answers after so many tokens, whatever it was asked. */
  readonly endsAfter?: number;
  /** Says that so many tokens of a prompt were in its cache. */
  readonly cachedTokens?: number;
  /** Its own clock shows times multiplied by this. */
  readonly ownClock?: number;
  /** False: it cannot measure at a depth. */
  readonly knowsDepth?: boolean;
  /** After so many measurements all further ones fail. */
  readonly breaks?: { readonly after: number; readonly failure: Failure };
}

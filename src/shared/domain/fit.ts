/** Whether a device can run a model, and why. Advice, never a ban: a browser tells too little of a device to be sure. Types only. */
import type { WeightsFormat } from '../protocol/weights';

/** What of a model matters to a device; a `CatalogEntry` is one. */
export interface FitNeed {
  readonly format: WeightsFormat;
  /** Bytes of the weights. */
  readonly bytes: number;
  /** Of these, the bytes of the file that lets the model see or hear; only llama.cpp computes a model that has one. */
  readonly projectorBytes?: number;
  /** Of `bytes`, those that are on the device already; 0 when absent. */
  readonly storedBytes?: number;
  /** Weights, KV cache at 4096 tokens and the engine's buffers. */
  readonly memoryBytes: number;
  /** Whether the GPU must have `shader-f16`. */
  readonly needsF16: boolean;
  /** Absent where it is not known: then nothing is said about speed on the CPU. */
  readonly parameters?: number;
  /** As a GGUF names it: it decides which engine computes the model on the CPU. Absent where it is not known yet. */
  readonly architecture?: string;
  /** Bytes of the largest single tensor on the GPU, where known. */
  readonly largestTensorBytes?: number;
  /** What one token of context costs in the KV cache, in bytes, where known. */
  readonly kvBytesPerToken?: number;
}

/** From best to worst. `tight`: it may not have the room. `unlikely`: something it needs is missing. */
export const fitVerdicts = ['good', 'slow', 'tight', 'unlikely'] as const;
export type FitVerdict = (typeof fitVerdicts)[number];

export type FitReason =
  /** This version of the app has no engine for the format yet. */
  | { readonly kind: 'engine-missing'; readonly format: WeightsFormat }
  | { readonly kind: 'needs-webgpu'; readonly cause: 'no-api' | 'no-adapter' }
  | { readonly kind: 'needs-f16' }
  | { readonly kind: 'software-gpu' }
  /** The GPU allows less than the engine demands: bytes, or a count for `storage-buffers`. */
  | {
      readonly kind: 'gpu-limits';
      readonly limit: 'storage-buffers' | 'workgroup-storage' | 'tensor';
      readonly needed: number;
      readonly available: number;
    }
  /** The weights alone are more than a WebAssembly memory can hold in this browser. */
  | { readonly kind: 'exceeds-wasm-memory'; readonly neededBytes: number; readonly limitBytes: number }
  /** The weights fit, but not with a cache for 4096 tokens beside them. */
  | { readonly kind: 'short-context'; readonly limitBytes: number }
  /** The weights are more than the engine for this browser takes, whatever memory there is. */
  | { readonly kind: 'exceeds-weights-limit'; readonly weightsBytes: number; readonly limitBytes: number }
  /** The engine that computes it on the CPU cannot run in this browser. */
  | { readonly kind: 'no-llama-cpp' }
  | { readonly kind: 'memory-tight'; readonly neededBytes: number; readonly deviceBytes: number }
  | { readonly kind: 'mobile-memory'; readonly neededBytes: number }
  | { readonly kind: 'one-thread' }
  /** A rough class from size and device, no measurement of the model. `slow`: slower than one reads. `very-slow`: minutes for an answer. */
  | { readonly kind: 'slow-on-cpu'; readonly pace: 'slow' | 'very-slow' }
  /** By what was measured of this device, it writes slower than one reads. */
  | { readonly kind: 'slow-as-measured'; readonly tokensPerSecond: number }
  | { readonly kind: 'storage-short'; readonly neededBytes: number; readonly freeBytes: number }
  /** Nothing speaks against it. */
  | { readonly kind: 'light' }
  | { readonly kind: 'needs-memory'; readonly neededBytes: number }
  /** No browser tells how much memory a GPU has. */
  | { readonly kind: 'needs-gpu-memory'; readonly neededBytes: number };

export interface Fit {
  readonly verdict: FitVerdict;
  /** Never empty; the weightiest first. */
  readonly reasons: readonly FitReason[];
}

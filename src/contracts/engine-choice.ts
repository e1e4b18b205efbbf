/** Which engine computes a model, where, and why. Types only. */
import type { Backend, EngineKind } from './engine';

/** The engines that compute GGUF on the CPU. */
export type CpuEngineKind = Extract<EngineKind, 'cpu' | 'llama.cpp'>;

/** What was found when CPU and GPU were tried with one model on one GPU. */
export interface BackendTrial {
  /** Which engine stood for the CPU; absent for llama.cpp in what was measured before there was another. */
  readonly cpuEngine?: CpuEngineKind;
  /** Tokens per second; null where it did not work. */
  readonly cpu: number | null;
  readonly gpu: number | null;
  /** What the GPU said when it did not work. */
  readonly gpuFailure?: string;
  /** ms since the epoch */
  readonly at: number;
}

/** How a person wants a model to be loaded; what is absent is decided by the app. */
export interface LoadSettings {
  /** Window in tokens. */
  readonly contextTokens?: number;
  /** For GGUF: how the KV cache is kept. */
  readonly kvCache?: 'f16' | 'q8_0';
  /** For GGUF: where it computes. */
  readonly backend?: Backend;
  /** For GGUF on the CPU: which engine computes it. */
  readonly cpuEngine?: CpuEngineKind;
}

export type ChoiceReason =
  /** MLC weights are programs for a GPU. */
  | { readonly kind: 'mlc-needs-gpu' }
  /** So small that a GPU would only cost time. */
  | { readonly kind: 'small' }
  | { readonly kind: 'person' }
  | { readonly kind: 'no-gpu' }
  /** There is a GPU, but this browser's llama.cpp cannot wait for it. */
  | { readonly kind: 'no-jspi' }
  | { readonly kind: 'gpu-lacks-f16' }
  | { readonly kind: 'gpu-is-software' }
  /** Trying both would take memory twice in a row, on a device that ends pages for less. */
  | { readonly kind: 'mobile' }
  | { readonly kind: 'measured'; readonly cpu: number; readonly gpu: number }
  | { readonly kind: 'gpu-failed' }
  /** Both will be tried when it is loaded. */
  | { readonly kind: 'to-be-measured' };

export interface EngineChoice {
  readonly engine: EngineKind;
  /** Null until it has been measured. */
  readonly backend: Backend | null;
  readonly reason: ChoiceReason;
}

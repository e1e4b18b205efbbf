/** Which engine computes a model, where, and why. Types only. */
import type { Backend, EngineKind } from '../protocol/engine';

/** The engines that compute GGUF on the CPU. */
export type CpuEngineKind = Extract<EngineKind, 'cpu' | 'llama.cpp'>;

/** The same model in MLC weights, which are stored as well: WebLLM can compute these instead of the GGUF. */
export interface WebLlmBuild {
  readonly modelId: string;
  readonly bytes: number;
  /** "q4f16_1"… */
  readonly quantization: string;
  /** Whether the GPU must have `shader-f16`. */
  readonly needsF16: boolean;
}

/** What was found when all that can compute one model on one GPU, and the CPU, were tried. */
export interface BackendTrial {
  /** Which engine stood for the CPU; absent for llama.cpp in what was measured before there was another. */
  readonly cpuEngine?: CpuEngineKind;
  /** Tokens per second; null where it did not work. */
  readonly cpu: number | null;
  /** Of llama.cpp on the GPU; absent where it could not be tried. */
  readonly gpu?: number | null;
  /** What the GPU said when it did not work. */
  readonly gpuFailure?: string;
  /** Of WebLLM with a build of its own; absent where none was stored. */
  readonly webLlm?: { readonly modelId: string; readonly rate: number | null; readonly failure?: string };
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
  /** Tokens per second of each way that was tried; null where it did not work. */
  | {
      readonly kind: 'measured';
      readonly cpu: number | null;
      readonly gpu?: number | null;
      readonly webLlm?: number | null;
    }
  | { readonly kind: 'gpu-failed' }
  /** The CPU and these ways will be tried when it is loaded. */
  | { readonly kind: 'to-be-measured'; readonly gpu: boolean; readonly webLlm: boolean };

export interface EngineChoice {
  readonly engine: EngineKind;
  /** Null until it has been measured. */
  readonly backend: Backend | null;
  readonly reason: ChoiceReason;
  /** Whose weights WebLLM computes in place of the GGUF, where it does. */
  readonly build?: WebLlmBuild;
}

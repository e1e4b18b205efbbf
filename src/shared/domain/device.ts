/** What a device can do, as far as a page may know. Types only. */
import type { LlamaCppFacts } from '../platform/llama-cpp-facts';

export type WebGpuFacts =
  /** `no-api`: the browser has none. `no-adapter`: it has, but found no usable GPU. */
  | { readonly available: false; readonly reason: 'no-api' | 'no-adapter' }
  | {
      readonly available: true;
      /** A software adapter: correct, and far too slow for chat. */
      readonly software: boolean;
      /** As the browser tells, possibly empty. */
      readonly vendor: string;
      readonly architecture: string;
      readonly description: string;
      /** The feature `shader-f16`. */
      readonly f16: boolean;
      readonly subgroups: boolean;
      readonly maxBufferBytes: number;
      readonly maxStorageBufferBindingBytes: number;
      readonly maxWorkgroupStorageBytes: number;
      readonly maxStorageBuffersPerShaderStage: number;
    };

export interface DeviceFacts {
  readonly webgpu: WebGpuFacts;
  /** GiB of memory as `navigator.deviceMemory` tells, rounded and capped by the browser; null where it does not tell. */
  readonly memoryGiB: number | null;
  readonly cores: number;
  readonly crossOriginIsolated: boolean;
  /** False: llama.cpp has one thread only. */
  readonly threads: boolean;
  /** llama.cpp as this browser can run it; null where it cannot. */
  readonly llamaCpp: LlamaCppFacts | null;
  /** Whether Sotto's own engine can run here. */
  readonly sottoEngine: boolean;
  /** How fast the CPU reads memory, in GB/s, where the benchmark has measured it. */
  readonly memoryGBps?: number;
  /** Phones and tablets kill pages that take much memory. */
  readonly mobile: boolean;
  readonly storage: {
    /** What the browser would let this site store in all, by its own estimate; null where it does not tell. */
    readonly quotaBytes: number | null;
    readonly usedBytes: number | null;
    /** Whether the browser has promised not to clear it under pressure. */
    readonly persisted: boolean | null;
  };
}

/** The part of WebGPU that is watched here. TypeScript's library for workers does not know it. */
import type { AdapterInfo } from '../../../src/shared/platform/software-adapter';

export interface GpuLostInfo {
  /** `destroyed` when code asked for it, `unknown` for everything that a browser or driver did. */
  readonly reason: string;
  readonly message: string;
}

export interface GpuDevice extends EventTarget {
  readonly lost: Promise<GpuLostInfo>;
  destroy(): void;
  popErrorScope(): Promise<Error | null>;
}

export interface GpuAdapter {
  readonly features: { has(feature: string): boolean };
  readonly limits: Readonly<Record<string, unknown>>;
  readonly info?: AdapterInfo;
  requestDevice(descriptor?: object): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(options?: { readonly powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

/** Undefined where the browser has no WebGPU. */
export const gpuOf = (scope: { readonly navigator: object }): Gpu | undefined =>
  Reflect.get(scope.navigator, 'gpu') as Gpu | undefined;

/** What the GPU can do, by WebGPU's own account. */
import type { WebGpuFacts } from '../shared/domain/device';
import { isSoftwareAdapter, type AdapterInfo } from '../shared/platform/software-adapter';
import { within } from './within';

/** The part of WebGPU that is asked here. Everything may be missing: browsers added it bit by bit. */
interface GpuAdapter {
  readonly features?: { has(feature: string): boolean };
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly info?: AdapterInfo;
  /** Where it was before it moved to `info`. */
  readonly isFallbackAdapter?: boolean;
}

interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

/** Never rejects. A driver that does not answer within three seconds counts as `no-adapter`. */
export async function probeWebGpu(): Promise<WebGpuFacts> {
  // Not by a type of the whole navigator: some libraries declare theirs, in which nothing is ever missing.
  const gpu = Reflect.get(navigator, 'gpu') as Gpu | undefined;
  if (!gpu) return { available: false, reason: 'no-api' };
  const adapter = await within(() => gpu.requestAdapter({ powerPreference: 'high-performance' }));
  if (!adapter) return { available: false, reason: 'no-adapter' };
  try {
    return factsOf(adapter);
  } catch {
    // Its getters belong to a driver as well.
    return { available: false, reason: 'no-adapter' };
  }
}

function factsOf(adapter: GpuAdapter): WebGpuFacts {
  const { vendor = '', architecture = '', description = '' } = adapter.info ?? {};
  const has = (feature: string): boolean => adapter.features?.has(feature) === true;
  const limit = (name: string): number => {
    const value = adapter.limits?.[name];
    return typeof value === 'number' ? value : 0;
  };
  return {
    available: true,
    software: adapter.isFallbackAdapter === true || isSoftwareAdapter(adapter.info ?? {}),
    vendor,
    architecture,
    description,
    f16: has('shader-f16'),
    subgroups: has('subgroups'),
    maxBufferBytes: limit('maxBufferSize'),
    maxStorageBufferBindingBytes: limit('maxStorageBufferBindingSize'),
    maxWorkgroupStorageBytes: limit('maxComputeWorkgroupStorageSize'),
    maxStorageBuffersPerShaderStage: limit('maxStorageBuffersPerShaderStage'),
  };
}

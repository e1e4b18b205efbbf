/** Asks for the GPU before anything is read, so that what is missing has a name; WebLLM would find out after the upload. */
import { FailureError } from '../../../src/shared/protocol/failure';
import { adapterName, isSoftwareAdapter } from '../../../src/shared/platform/software-adapter';
import { gpuOf } from './gpu-types';

export interface GpuFound {
  readonly name: string;
  readonly software: boolean;
}

/** Below these, WebLLM's runtime ends with an error. The larger buffers that it would like, it can do without. */
const least = {
  maxStorageBuffersPerShaderStage: 10,
  maxComputeWorkgroupStorageSize: 32 * 1024,
  maxBufferSize: 256 * 1024 ** 2,
  maxStorageBufferBindingSize: 128 * 1024 ** 2,
} as const;

/** @throws FailureError `gpu-missing`, `gpu-lacks-f16` or `gpu-limits` */
export async function findGpu(needsF16: boolean): Promise<GpuFound> {
  const gpu = gpuOf(self);
  if (!gpu) throw new FailureError({ kind: 'gpu-missing', technical: 'the browser has no WebGPU' });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new FailureError({ kind: 'gpu-missing', technical: 'no adapter was found' });
  const name = adapterName(adapter.info ?? {});
  if (needsF16 && !adapter.features.has('shader-f16'))
    throw new FailureError({ kind: 'gpu-lacks-f16', technical: `shader-f16 is missing (${name})` });
  for (const [limit, needed] of Object.entries(least)) {
    const allowed = adapter.limits[limit];
    if (typeof allowed === 'number' && allowed < needed)
      throw new FailureError({
        kind: 'gpu-limits',
        technical: `${limit} is ${allowed}, needed is ${needed} (${name})`,
      });
  }
  return { name, software: isSoftwareAdapter(adapter.info ?? {}) };
}

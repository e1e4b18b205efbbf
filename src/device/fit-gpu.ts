/** What WebLLM needs, which runs MLC weights on the GPU: the same checks that it makes, before the download and not after it. */
import type { DeviceFacts, WebGpuFacts } from '../shared/domain/device';
import type { FitNeed, FitReason } from '../shared/domain/fit';

/** WebLLM's runtime ends with an error below these. */
const storageBuffersPerStage = 10;
const workgroupStorageBytes = 32 * 1024;
/** What it asks for; where the GPU allows less, it asks for the second and takes no more, however much there is. */
const bindings = [1024 ** 3, 128 * 1024 ** 2] as const;
const buffers = [1024 ** 3, 256 * 1024 ** 2] as const;

/** Why MLC weights would not run on this GPU, or not fast. How much memory the GPU has, no browser tells. */
export function gpuReasons(need: FitNeed, { webgpu }: DeviceFacts): FitReason[] {
  if (!webgpu.available) return [{ kind: 'needs-webgpu', cause: webgpu.reason }];
  return [
    // The model's own record does not demand it: without this check it fails after the whole download.
    ...(need.needsF16 && !webgpu.f16 ? [{ kind: 'needs-f16' } as const] : []),
    ...limitReasons(need, webgpu),
    ...(webgpu.software ? [{ kind: 'software-gpu' } as const] : []),
  ];
}

function limitReasons(need: FitNeed, gpu: Extract<WebGpuFacts, { available: true }>): FitReason[] {
  const granted = ([wish, fallback]: readonly [number, number], allowed: number): number =>
    allowed >= wish ? wish : Math.min(fallback, allowed);
  const binding = Math.min(granted(bindings, gpu.maxStorageBufferBindingBytes), granted(buffers, gpu.maxBufferBytes));
  const demands = [
    {
      limit: 'storage-buffers',
      needed: storageBuffersPerStage,
      available: gpu.maxStorageBuffersPerShaderStage,
    },
    { limit: 'workgroup-storage', needed: workgroupStorageBytes, available: gpu.maxWorkgroupStorageBytes },
    { limit: 'tensor', needed: need.largestTensorBytes ?? 0, available: binding },
  ] as const;
  return demands
    .filter(({ needed, available }) => needed > available)
    .map((demand) => ({ kind: 'gpu-limits', ...demand }));
}

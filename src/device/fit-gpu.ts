/** What WebLLM needs, which runs MLC weights on the GPU: the same checks that it makes, before the download and not after it. */
import type { DeviceFacts, WebGpuFacts } from '../contracts/device';
import type { FitNeed, FitReason } from '../contracts/fit';

/** WebLLM's runtime ends with an error below these. */
const storageBuffersPerStage = 10;
const workgroupStorageBytes = 32 * 1024;
/** What it asks for at most, whatever the GPU allows. */
const largestBindingBytes = 1024 ** 3;

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
  const binding = Math.min(largestBindingBytes, gpu.maxStorageBufferBindingBytes, gpu.maxBufferBytes);
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

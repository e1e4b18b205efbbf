/** The one place that decides which engine computes a model, and where. */
import { isCpuArchitecture } from '../contracts/cpu-engine';
import type { DeviceFacts } from '../contracts/device';
import type { BackendTrial, CpuEngineKind, EngineChoice } from '../contracts/engine-choice';
import type { ModelDescriptor } from '../contracts/model';
import { adapterName } from '../contracts/software-adapter';

/** Below this many bytes a token costs a CPU less than it costs to reach a GPU. */
const smallModelBytes = 50e6;

/** Phones end pages that take much: there, both ways are tried where the device has so many times the bytes of the weights. */
const roomyFactor = 4;

type Chosen = Pick<ModelDescriptor, 'engine' | 'bytes' | 'backend' | 'cpuEngine' | 'architecture'>;
type Device = Pick<DeviceFacts, 'webgpu' | 'mobile' | 'memoryGiB' | 'llamaCpp'>;
type CpuReason = 'small' | 'no-gpu' | 'no-jspi' | 'gpu-lacks-f16' | 'gpu-is-software' | 'mobile' | 'gpu-failed';

/**
 * Which engine computes a GGUF on the CPU: Sotto's own, unless the file is of a kind that it does not know, or a person wants
 * another. What its header has not told yet, the engine itself will.
 */
export const cpuEngineOf = ({ cpuEngine, architecture }: Pick<Chosen, 'cpuEngine' | 'architecture'>): CpuEngineKind =>
  cpuEngine ?? (architecture === undefined || isCpuArchitecture(architecture) ? 'cpu' : 'llama.cpp');

/** As the model is, what the device has, what a person wants and what was measured. @param trial of this model on this GPU */
export function chooseEngine(model: Chosen, device: Device, trial: BackendTrial | undefined): EngineChoice {
  if (model.engine === 'webllm') return { engine: 'webllm', backend: 'webgpu', reason: { kind: 'mlc-needs-gpu' } };
  const cpuEngine = cpuEngineOf(model);
  const onCpu = (kind: CpuReason): EngineChoice => ({ engine: cpuEngine, backend: 'cpu', reason: { kind } });
  if (model.backend === 'webgpu') return { engine: 'llama.cpp', backend: 'webgpu', reason: { kind: 'person' } };
  if (model.backend === 'cpu') return { engine: cpuEngine, backend: 'cpu', reason: { kind: 'person' } };
  if (model.bytes < smallModelBytes) return onCpu('small');
  const obstacle = gpuObstacle(model, device);
  if (obstacle !== null) return onCpu(obstacle);
  if (!trial || (trial.cpuEngine ?? 'llama.cpp') !== cpuEngine)
    return { engine: cpuEngine, backend: null, reason: { kind: 'to-be-measured' } };
  if (trial.gpu === null) return onCpu('gpu-failed');
  const reason = { kind: 'measured', cpu: trial.cpu ?? 0, gpu: trial.gpu } as const;
  return trial.gpu > (trial.cpu ?? 0)
    ? { engine: 'llama.cpp', backend: 'webgpu', reason }
    : { engine: cpuEngine, backend: 'cpu', reason };
}

/** Why the GPU is not even tried; null where it can be. */
function gpuObstacle({ bytes }: Chosen, { webgpu, mobile, memoryGiB, llamaCpp }: Device): CpuReason | null {
  if (!webgpu.available) return 'no-gpu';
  if (llamaCpp?.gpu !== true) return 'no-jspi';
  if (!webgpu.f16) return 'gpu-lacks-f16';
  if (webgpu.software) return 'gpu-is-software';
  const isRoomy = memoryGiB !== null && memoryGiB * 1024 ** 3 >= roomyFactor * bytes;
  return mobile && !isRoomy ? 'mobile' : null;
}

/** What is remembered of a model on a GPU is forgotten with either. */
export const gpuKey = (modelId: string, { webgpu }: Pick<DeviceFacts, 'webgpu'>): string =>
  `${modelId} @ ${webgpu.available ? adapterName(webgpu) : 'none'}`;

/** What is remembered of a model on Sotto's own engine. */
export const cpuKey = (modelId: string): string => `${modelId} @ cpu`;

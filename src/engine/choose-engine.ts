/** The one place that decides which engine computes a model, and where. */
import { isCpuArchitecture } from '../shared/domain/cpu-architectures';
import type { DeviceFacts } from '../shared/domain/device';
import type { BackendTrial, CpuEngineKind, EngineChoice, WebLlmBuild } from '../shared/domain/engine-choice';
import type { ModelDescriptor } from '../shared/domain/model';
import { adapterName } from '../shared/platform/software-adapter';

/** Below this many bytes a token costs a CPU less than it costs to reach a GPU. */
const smallModelBytes = 50e6;

/** Phones end pages that take much: there, several ways are tried where the device has so many times the bytes of the weights. */
const roomyFactor = 4;

type Chosen = Pick<ModelDescriptor, 'engine' | 'bytes' | 'backend' | 'cpuEngine' | 'architecture' | 'senses'>;
type Device = Pick<DeviceFacts, 'webgpu' | 'mobile' | 'memoryGiB' | 'llamaCpp'>;
type CpuReason = 'small' | 'no-gpu' | 'no-jspi' | 'gpu-lacks-f16' | 'gpu-is-software' | 'mobile' | 'gpu-failed';

/**
 * Which engine computes a GGUF on the CPU: Sotto's own, unless the model sees or hears, its file is of a kind that this engine does
 * not know, or a person wants another. What its header has not told yet, the engine itself will.
 */
export const cpuEngineOf = ({
  cpuEngine,
  architecture,
  senses,
}: Pick<Chosen, 'cpuEngine' | 'architecture' | 'senses'>): CpuEngineKind =>
  cpuEngine ?? (!senses && (architecture === undefined || isCpuArchitecture(architecture)) ? 'cpu' : 'llama.cpp');

/**
 * As the model is, what the device has, what a person wants and what was measured.
 * @param trial of this model on this GPU
 * @param builds of the same model for WebLLM that are stored as well, the best first
 */
export function chooseEngine(
  model: Chosen,
  device: Device,
  trial: BackendTrial | undefined,
  builds: readonly WebLlmBuild[] = [],
): EngineChoice {
  if (model.engine === 'webllm') return { engine: 'webllm', backend: 'webgpu', reason: { kind: 'mlc-needs-gpu' } };
  const cpuEngine = cpuEngineOf(model);
  const onCpu = (kind: CpuReason): EngineChoice => ({ engine: cpuEngine, backend: 'cpu', reason: { kind } });
  if (model.backend === 'webgpu') return { engine: 'llama.cpp', backend: 'webgpu', reason: { kind: 'person' } };
  if (model.backend === 'cpu') return { engine: cpuEngine, backend: 'cpu', reason: { kind: 'person' } };
  if (model.bytes < smallModelBytes) return onCpu('small');
  const obstacle = gpuObstacle(model, device);
  // A build of the same model for WebLLM has words alone.
  const build = model.senses ? undefined : builds.find((one) => runsOnWebLlm(one, device));
  if (obstacle !== null && !build) return onCpu(obstacle);
  const ways = { gpu: obstacle === null, webLlm: build !== undefined };
  if (!trial || (trial.cpuEngine ?? 'llama.cpp') !== cpuEngine || !covers(trial, ways.gpu, build))
    return { engine: cpuEngine, backend: null, reason: { kind: 'to-be-measured', ...ways }, ...(build && { build }) };
  const gpu = ways.gpu ? (trial.gpu ?? null) : null;
  const webLlm = build ? (trial.webLlm?.rate ?? null) : null;
  if (gpu === null && !build) return onCpu('gpu-failed');
  const reason = {
    kind: 'measured',
    cpu: trial.cpu,
    ...(ways.gpu && { gpu }),
    ...(build && { webLlm }),
  } as const;
  const best = Math.max(trial.cpu ?? 0, gpu ?? 0, webLlm ?? 0);
  if (best === (trial.cpu ?? 0)) return { engine: cpuEngine, backend: 'cpu', reason };
  if (best === gpu) return { engine: 'llama.cpp', backend: 'webgpu', reason };
  return { engine: 'webllm', backend: 'webgpu', reason, ...(build && { build }) };
}

/** Whether a trial tells of all ways that there are now: a build may have been stored since, or the browser may have become newer. */
const covers = (trial: BackendTrial, gpu: boolean, build: WebLlmBuild | undefined): boolean =>
  (!gpu || trial.gpu !== undefined) && (!build || trial.webLlm?.modelId === build.modelId);

const isRoomy = (bytes: number, memoryGiB: number | null): boolean =>
  memoryGiB !== null && memoryGiB * 1024 ** 3 >= roomyFactor * bytes;

function runsOnWebLlm({ bytes, needsF16 }: WebLlmBuild, { webgpu, mobile, memoryGiB }: Device): boolean {
  if (!webgpu.available || webgpu.software || (needsF16 && !webgpu.f16)) return false;
  return !mobile || isRoomy(bytes, memoryGiB);
}

/** Why the GPU is not even tried; null where it can be. */
function gpuObstacle({ bytes }: Chosen, { webgpu, mobile, memoryGiB, llamaCpp }: Device): CpuReason | null {
  if (!webgpu.available) return 'no-gpu';
  if (llamaCpp?.gpu !== true) return 'no-jspi';
  if (!webgpu.f16) return 'gpu-lacks-f16';
  if (webgpu.software) return 'gpu-is-software';
  return mobile && !isRoomy(bytes, memoryGiB) ? 'mobile' : null;
}

/** What is remembered of a model on a GPU is forgotten with either. */
export const gpuKey = (modelId: string, { webgpu }: Pick<DeviceFacts, 'webgpu'>): string =>
  `${modelId} @ ${webgpu.available ? adapterName(webgpu) : 'none'}`;

/** What is remembered of a model on Sotto's own engine. */
export const cpuKey = (modelId: string): string => `${modelId} @ cpu`;

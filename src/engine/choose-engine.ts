/** The one place that decides which engine computes a model, and where. */
import type { DeviceFacts } from '../contracts/device';
import type { BackendTrial, EngineChoice } from '../contracts/engine-choice';
import type { ModelDescriptor } from '../contracts/model';
import { adapterName } from '../contracts/software-adapter';

/** Below this many bytes a token costs a CPU less than it costs to reach a GPU. */
const smallModelBytes = 50e6;

/** As the model is, what the device has, what a person wants and what was measured. @param trial of this model on this GPU */
export function chooseEngine(
  model: Pick<ModelDescriptor, 'engine' | 'bytes' | 'backend'>,
  { webgpu, mobile, llamaCpp }: Pick<DeviceFacts, 'webgpu' | 'mobile' | 'llamaCpp'>,
  trial: BackendTrial | undefined,
): EngineChoice {
  const { engine } = model;
  if (engine !== 'llama.cpp') return { engine, backend: 'webgpu', reason: { kind: 'mlc-needs-gpu' } };
  const cpu = (
    kind: 'small' | 'no-gpu' | 'no-jspi' | 'gpu-lacks-f16' | 'gpu-is-software' | 'mobile' | 'gpu-failed',
  ): EngineChoice => ({
    engine,
    backend: 'cpu',
    reason: { kind },
  });
  if (model.backend) return { engine, backend: model.backend, reason: { kind: 'person' } };
  if (model.bytes < smallModelBytes) return cpu('small');
  if (!webgpu.available) return cpu('no-gpu');
  if (llamaCpp?.gpu !== true) return cpu('no-jspi');
  if (!webgpu.f16) return cpu('gpu-lacks-f16');
  if (webgpu.software) return cpu('gpu-is-software');
  if (mobile) return cpu('mobile');
  if (!trial) return { engine, backend: null, reason: { kind: 'to-be-measured' } };
  if (trial.gpu === null) return cpu('gpu-failed');
  const backend = trial.gpu > (trial.cpu ?? 0) ? 'webgpu' : 'cpu';
  return { engine, backend, reason: { kind: 'measured', cpu: trial.cpu ?? 0, gpu: trial.gpu } };
}

/** What is remembered of a model on a GPU is forgotten with either. */
export const gpuKey = (modelId: string, { webgpu }: Pick<DeviceFacts, 'webgpu'>): string =>
  `${modelId} @ ${webgpu.available ? adapterName(webgpu) : 'none'}`;

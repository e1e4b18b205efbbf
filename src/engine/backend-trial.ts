/** Tries one model on the CPU and on the GPU, briefly, and says which was faster. */
import type { Backend, LoadedModel, LoadRequest } from '../contracts/engine';
import type { BackendTrial, CpuEngineKind } from '../contracts/engine-choice';
import type { Result } from '../contracts/failure';
import type { EngineClient } from './engine-client';

/** Tokens of each try. The first few of a GPU are slow: its programs are compiled when they are first used. */
const warmUpTokens = 3;
const measuredTokens = 10;

interface Try {
  readonly loaded: Result<LoadedModel>;
  /** Tokens per second; null where it did not work. */
  readonly rate: number | null;
  readonly failure?: string;
}

export interface TrialOutcome {
  readonly trial: BackendTrial;
  /** What is loaded now: on the GPU after it won, otherwise the GPU's try is the last and another load is needed. */
  readonly loaded: Result<LoadedModel>;
  readonly backend: Backend;
}

/**
 * The CPU goes first, so that a GPU that wins, as most do, is left loaded.
 * @param isCancelled asked between the tries
 */
export async function tryBackends(
  client: EngineClient,
  request: LoadRequest,
  cpuEngine: CpuEngineKind,
  isCancelled: () => boolean,
): Promise<TrialOutcome> {
  const cpu = await attempt(client, await loadOnCpu(client, request, cpuEngine, true));
  if (isCancelled() || !cpu.loaded.ok) return outcome(cpuEngine, cpu, { loaded: cpu.loaded, rate: null });
  const gpu = await attempt(client, await client.load({ ...request, engine: 'llama.cpp', backend: 'webgpu' }));
  return outcome(cpuEngine, cpu, gpu);
}

/**
 * Loads a model on the CPU.
 * @param orLlamaCpp whether llama.cpp is to compute what Sotto's own engine turns out not to know
 */
export async function loadOnCpu(
  client: EngineClient,
  request: LoadRequest,
  engine: CpuEngineKind,
  orLlamaCpp: boolean,
): Promise<Result<LoadedModel>> {
  const loaded = await client.load({ ...request, engine, backend: 'cpu' });
  const isUnknown = !loaded.ok && loaded.failure.kind === 'model-unknown-architecture';
  if (!isUnknown || engine === 'llama.cpp' || !orLlamaCpp) return loaded;
  return client.load({ ...request, engine: 'llama.cpp', backend: 'cpu' });
}

async function attempt(client: EngineClient, loaded: Result<LoadedModel>): Promise<Try> {
  if (!loaded.ok) return { loaded, rate: null, failure: loaded.failure.technical };
  const warm = await client.measureDecode(warmUpTokens);
  const measured = warm.ok ? await client.measureDecode(measuredTokens) : warm;
  if (!measured.ok) return { loaded: measured, rate: null, failure: measured.failure.technical };
  const { timestamps } = measured.value;
  const ms = (timestamps.at(-1) ?? 0) - (timestamps[0] ?? 0);
  return { loaded, rate: ms > 0 ? ((timestamps.length - 1) * 1000) / ms : null };
}

function outcome(cpuEngine: CpuEngineKind, cpu: Try, gpu: Try): TrialOutcome {
  const backend = gpu.rate !== null && gpu.rate > (cpu.rate ?? 0) ? 'webgpu' : 'cpu';
  return {
    trial: {
      cpuEngine,
      cpu: cpu.rate,
      gpu: gpu.rate,
      at: Date.now(),
      ...(gpu.failure !== undefined && { gpuFailure: gpu.failure }),
    },
    loaded: backend === 'webgpu' ? gpu.loaded : cpu.loaded,
    backend,
  };
}

/** Tries one model in each way that can compute it here, briefly and one after the other, and says how fast each was. */
import { decodeRate } from '../shared/domain/benchmark/token-times';
import type { LoadedModel, LoadRequest } from '../shared/protocol/engine';
import type { BackendTrial, CpuEngineKind, WebLlmBuild } from '../shared/domain/engine-choice';
import type { Result } from '../shared/protocol/failure';
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

/** What is tried beside the CPU. */
export interface TriedWays {
  readonly cpuEngine: CpuEngineKind;
  /** llama.cpp on the GPU. */
  readonly gpu: boolean;
  readonly build?: WebLlmBuild | undefined;
}

export interface TrialOutcome {
  readonly trial: BackendTrial;
  /** Of the last try: what is loaded now, or why nothing is. */
  readonly loaded: Result<LoadedModel>;
}

/** As WebLLM loads the same model from weights of its own. */
export const requestForBuild = (request: LoadRequest, { modelId }: WebLlmBuild): LoadRequest => ({
  ...request,
  engine: 'webllm',
  backend: 'webgpu',
  files: { storedModelId: modelId },
});

/**
 * The CPU goes first, so that a GPU that wins, as most do, is left loaded. Each load takes the place of the one before it: there
 * is never room for two.
 * @param isCancelled asked between the tries
 */
export async function tryBackends(
  client: EngineClient,
  request: LoadRequest,
  { cpuEngine, gpu, build }: TriedWays,
  isCancelled: () => boolean,
): Promise<TrialOutcome> {
  const cpu = await attempt(client, await loadOnCpu(client, request, cpuEngine, true));
  let trial: BackendTrial = { cpuEngine, cpu: cpu.rate, at: Date.now() };
  let { loaded } = cpu;
  if (isCancelled() || !cpu.loaded.ok) return { trial, loaded };
  if (gpu) {
    const tried = await attempt(client, await client.load({ ...request, engine: 'llama.cpp', backend: 'webgpu' }));
    trial = { ...trial, gpu: tried.rate, ...(tried.failure !== undefined && { gpuFailure: tried.failure }) };
    loaded = tried.loaded;
  }
  if (build && !isCancelled()) {
    const tried = await attempt(client, await client.load(requestForBuild(request, build)));
    const { rate, failure } = tried;
    trial = { ...trial, webLlm: { modelId: build.modelId, rate, ...(failure !== undefined && { failure }) } };
    loaded = tried.loaded;
  }
  return { trial, loaded };
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
  const { timestamps, chunkTokens } = measured.value;
  return { loaded, rate: decodeRate({ requestedAt: 0, stamps: timestamps, chunkTokens }) };
}

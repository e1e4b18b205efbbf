/** A model at work in one session, and how to start it: once for a load, again when its memory has to be emptied. */
import type { LoadModelParams } from '@wllama/wllama/esm/index.js';
import type { Backend, KvCacheType, LoadRequest } from '../../../src/contracts/engine';
import { FailureError } from '../../../src/contracts/failure';
import type { GgufFacts } from '../../../src/contracts/gguf';
import { chooseBatch, chooseCache, chooseThreads } from './load-tuning';
import { chooseContext, contextStep } from './model-memory';
import { findOpenings, type Openings } from './rendered-prompt';
import type { WllamaSession } from './wllama-session';

export interface ModelPlan {
  readonly files: Blob[];
  readonly facts: GgufFacts;
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly threads: number;
  readonly backend: Backend;
  readonly kvCache: KvCacheType;
}

/** Throws where the model cannot fit. */
export function planModel(request: Omit<LoadRequest, 'files'>, files: Blob[], facts: GgufFacts): ModelPlan {
  const backend = request.backend ?? 'cpu';
  const batchTokens = chooseBatch(facts, backend);
  const contextTokens = chooseContext(facts, request.contextTokens, batchTokens);
  return {
    files,
    facts,
    batchTokens,
    contextTokens: Math.ceil(contextTokens / contextStep) * contextStep,
    backend,
    kvCache: request.kvCache ?? 'f16',
    threads: chooseThreads(facts, request.threads, navigator.hardwareConcurrency, self.crossOriginIsolated),
  };
}

/** More than any model has. */
const allLayers = 99_999;

export async function startModel(session: WllamaSession, plan: ModelPlan): Promise<Openings> {
  const gpu = plan.backend === 'webgpu';
  const parameters: LoadModelParams = {
    n_ctx: plan.contextTokens,
    n_threads: plan.threads,
    // Zero also keeps wllama from asking for a GPU adapter.
    n_gpu_layers: gpu ? allLayers : 0,
    n_batch: plan.batchTokens,
    n_ubatch: plan.batchTokens,
    ...chooseCache(plan),
    // One conversation at a time; more slots would each keep a share of the cache.
    n_parallel: 1,
    // The first token below is the warm-up.
    warmup: false,
    ctx_shift: false,
    // The thoughts of a model are part of its text here; the page tells them apart. (To skip all parsing of answers would be
    // simpler, but then llama.cpp drops blanks and line breaks at the start of an answer.)
    reasoning_format: 'none',
    // Whether to think is then left to the model's template; without it, llama.cpp turns thinking off for all that have the switch.
    reasoning: true,
  };
  await session.load(plan.files, parameters, gpu);
  if (gpu && !session.gpu.hasAllLayers)
    throw new FailureError({ kind: 'gpu-missing', technical: `llama.cpp: ${String(session.gpu)}` });
  return findOpenings(session);
}

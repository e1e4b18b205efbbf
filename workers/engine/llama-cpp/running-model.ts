/** A model at work in one session, and how to start it: once for a load, again when its memory has to be emptied. */
import type { LoadModelParams } from '@wllama/wllama/esm/index.js';
import type { Backend, KvCacheType, LoadRequest } from '../../../src/shared/protocol/engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import type { GgufFacts } from '../../../src/shared/domain/gguf';
import type { ProjectorFacts } from '../../gguf/projector';
import { mostPictureTokens } from '../../../src/shared/domain/senses';
import { hasThreads, type LlamaCppFacts } from '../../../src/shared/platform/llama-cpp-facts';
import { chooseThreads } from '../choose-threads';
import { chooseBatch, chooseCache } from './load-tuning';
import { checkWeights, chooseContext, contextStep } from './model-memory';
import { findOpenings, type Openings } from './rendered-prompt';
import type { WllamaSession } from './wllama-session';

export interface LoadPlan {
  readonly llamaCpp: LlamaCppFacts;
  readonly files: Blob[];
  readonly facts: GgufFacts;
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly threads: number;
  readonly backend: Backend;
  readonly kvCache: KvCacheType;
  /** Of a model that sees or hears. */
  readonly projector?: ProjectorFacts;
}

/** @throws FailureError `model-too-large`, `weights-too-large` or `gpu-missing` where the model cannot run */
export function planModel(
  request: Omit<LoadRequest, 'files'>,
  files: Blob[],
  facts: GgufFacts,
  llamaCpp: LlamaCppFacts,
  projector?: ProjectorFacts,
): LoadPlan {
  const backend = request.backend ?? 'cpu';
  if (backend === 'webgpu' && !llamaCpp.gpu)
    throw new FailureError({
      kind: 'gpu-missing',
      technical: `llama.cpp computes on the CPU here (${llamaCpp.build})`,
    });
  checkWeights(
    facts,
    files.map(({ size }) => size),
    llamaCpp,
  );
  const batchTokens = chooseBatch(facts, backend, projector);
  // The projector lies in memory as well; what it takes for a picture is gone again when the text is read.
  const weights = { ...facts, tensorBytes: facts.tensorBytes + (projector?.tensorBytes ?? 0) };
  const contextTokens = chooseContext(weights, request.contextTokens, batchTokens, llamaCpp);
  return {
    llamaCpp,
    files,
    facts,
    batchTokens,
    contextTokens: Math.ceil(contextTokens / contextStep) * contextStep,
    backend,
    kvCache: request.kvCache ?? 'f16',
    threads: chooseThreads(facts, request.threads, navigator.hardwareConcurrency, hasThreads()),
    ...(projector && { projector }),
  };
}

/** More than any model has. */
const allLayers = 99_999;

export async function startModel(session: WllamaSession, plan: LoadPlan): Promise<Openings> {
  const gpu = plan.backend === 'webgpu';
  const parameters: LoadModelParams = {
    n_ctx: plan.contextTokens,
    n_threads: plan.threads,
    // Zero also keeps wllama from asking for a GPU adapter.
    n_gpu_layers: gpu ? allLayers : 0,
    n_batch: plan.batchTokens,
    n_ubatch: plan.batchTokens,
    ...chooseCache(plan),
    ...(plan.projector && { mmproj_offload: gpu, image_max_tokens: mostPictureTokens[plan.backend] }),
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

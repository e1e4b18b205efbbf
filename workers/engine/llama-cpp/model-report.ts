/** What is told of a loaded model beside its figures: what a token costs, and with which settings it runs. */
import type { EngineTuning } from '../../../src/shared/protocol/measurement';
import type { LoadedModel } from '../../../src/shared/protocol/engine';
import type { GgufFacts } from '../../../src/shared/domain/gguf';
import type { LlamaCppFacts } from '../../../src/shared/platform/llama-cpp-facts';
import { accountingOf } from '../weight-accounting';
import { chooseCache } from './load-tuning';
import type { LoadPlan } from './running-model';

/** The header's figure counts 16 bits for every number of the cache. Blocks of 32 bytes of q8_0 carry a scale of 16 bits. */
const cacheShare = (type: string): number => ({ f32: 2, q8_0: 34 / 64 })[type] ?? 1;

export function reportOf(facts: GgufFacts, plan: LoadPlan): Pick<LoadedModel, 'accounting' | 'tuning'> {
  const tuning = tuningOf(facts, plan);
  const accounting = accountingOf(facts, cacheShare(tuning.cacheTypeK));
  return { tuning, ...(accounting && { accounting }) };
}

/** How the build waits for a GPU or a file. Without a GPU, the one with 64-bit memory has its files in memory and waits for nothing. */
function asyncOf({ build, gpu }: LlamaCppFacts): Pick<EngineTuning, 'async' | 'memory64'> {
  if (build === 'compat') return { async: 'asyncify', memory64: false };
  return { async: gpu ? 'jspi' : 'none', memory64: true };
}

function tuningOf(facts: GgufFacts, plan: LoadPlan): EngineTuning {
  const { batchTokens, backend } = plan;
  const cache = chooseCache(plan);
  return {
    batchTokens,
    microBatchTokens: batchTokens,
    // All or none: a load that leaves some behind is a failure. The output counts as one more.
    gpuLayers: backend === 'webgpu' ? facts.layers + 1 : 0,
    layers: facts.layers,
    cacheTypeK: cache.cache_type_k ?? 'f16',
    cacheTypeV: cache.cache_type_v ?? 'f16',
    // By default llama.cpp turns it on where its kernels allow it, which those of the CPU do.
    flashAttention: cache.flash_attn ?? true,
    ...asyncOf(plan.llamaCpp),
  };
}

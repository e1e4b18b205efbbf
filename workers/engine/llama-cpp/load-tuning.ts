/** Which KV cache and which batches make llama.cpp fastest in the browser. The figures: tools/measure/engine-comparison.md. */
import type { LoadModelParams } from '@wllama/wllama/esm/index.js';
import type { Backend, KvCacheType } from '../../../src/shared/protocol/engine';
import type { GgufFacts } from '../../../src/shared/domain/gguf';
import type { ProjectorFacts } from '../../gguf/projector';
import { smallModelParameters } from '../choose-threads';

/** The estimate of memory counts 16 bits for every number of the cache; a wider one has to stay within its margin. */
const widestCacheBytes = 128 * 1024 ** 2;

/**
 * Halves are slow in wasm, which has to widen each number by hand: with a 32-bit cache a model of a few million parameters
 * generates 1.4 times as fast. It takes twice the memory and gains nothing beside the weights of a large model.
 */
export function chooseCache({
  facts,
  contextTokens,
  backend,
  kvCache,
}: {
  readonly facts: GgufFacts;
  readonly contextTokens: number;
  readonly backend: Backend;
  readonly kvCache: KvCacheType;
}): Pick<LoadModelParams, 'cache_type_k' | 'cache_type_v' | 'flash_attn'> {
  // A quantized cache of values is only read by flash attention.
  if (kvCache === 'q8_0') return { cache_type_k: 'q8_0', cache_type_v: 'q8_0', flash_attn: true };
  if (backend === 'webgpu') return {};
  const wideBytes = 2 * facts.kvBytesPerToken * contextTokens;
  if (facts.parameters >= smallModelParameters || wideBytes > widestCacheBytes) return {};
  return { cache_type_k: 'f32', cache_type_v: 'f32', flash_attn: false };
}

/**
 * Prompt tokens evaluated in one go: the step of progress, and the longest that an abandoned prompt keeps the engine from the
 * next one. Small steps for models that take long over each token; a GPU is only fast when it gets many at once.
 */
export function chooseBatch(facts: GgufFacts, backend: Backend, projector?: ProjectorFacts): number {
  if (backend === 'webgpu') return 512;
  const usual = facts.parameters < smallModelParameters ? 128 : 32;
  return projector?.kinds.some((kind) => kind.startsWith('gemma')) ? wholePictureTokens : usual;
}

/** Gemma reads a picture at once, every part in view of every other, which batches would keep apart: 280 tokens at most. */
const wholePictureTokens = 288;

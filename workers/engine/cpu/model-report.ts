/** What is told of a loaded model beside its figures: what a token costs, and with which settings it runs. */
import type { LoadedModel } from '../../../src/shared/protocol/engine';
import { accountingOf } from '../weight-accounting';
import { largestPass } from './model-plan';
import type { RunningModel } from './running-model';

/**
 * Bytes of the KV cache against one in 16 bits. In 8 bits there is a scale of 4 bytes for each 32 numbers of a key, and one for
 * each value.
 */
const cacheShare = (byteCache: boolean, headLength: number): number =>
  byteCache ? (1 + 4 / 32 + 1 + 4 / headLength) / 4 : 2;

export function reportOf({ facts, model }: RunningModel): Pick<LoadedModel, 'accounting' | 'tuning'> {
  const { byteCache } = model.options;
  const cacheType = byteCache ? 'q8_0' : 'f32';
  const accounting = accountingOf(facts, cacheShare(byteCache, model.architecture.headLength));
  return {
    tuning: {
      batchTokens: largestPass,
      microBatchTokens: largestPass,
      gpuLayers: 0,
      layers: facts.layers,
      cacheTypeK: cacheType,
      cacheTypeV: cacheType,
      flashAttention: false,
      async: 'none',
      memory64: false,
    },
    ...(accounting && { accounting }),
  };
}

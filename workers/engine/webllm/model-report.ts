/** What is told of a loaded model beside its figures: what a token costs, and with which settings it runs. */
import type { LoadedModel } from '../../../src/shared/protocol/engine';
import { mlcAccounting } from '../../mlc/mlc-accounting';

export type ModelReport = Pick<LoadedModel, 'accounting' | 'tuning'>;

/** @param chunkTokens prompt tokens read in one go; null where the package does not tell */
export function reportOf(table: unknown, config: unknown, chunkTokens: number | null): ModelReport {
  const accounting = mlcAccounting(table, config);
  const batchTokens = chunkTokens ?? 0;
  const cacheType = /f32/.test(accounting.quantization) ? 'f32' : 'f16';
  return {
    accounting,
    tuning: {
      batchTokens,
      microBatchTokens: batchTokens,
      // All of it, the output included: WebLLM knows nothing else.
      gpuLayers: accounting.layers + 1,
      layers: accounting.layers,
      cacheTypeK: cacheType,
      cacheTypeV: cacheType,
      // Its own kernels, compiled with the model; none of llama.cpp's.
      flashAttention: false,
      async: 'promises',
      memory64: false,
    },
  };
}

/** What a token of a GGUF model costs, from its header: for the limit that memory sets to its speed. */
import type { WeightAccounting } from '../../src/shared/domain/benchmark/ceiling';
import type { GgufFacts } from '../../src/shared/domain/gguf';

/**
 * @param cacheShare bytes of the KV cache against those of one in 16 bits
 * @returns undefined where the header does not tell what takes part in a token
 */
export function accountingOf(facts: GgufFacts, cacheShare: number): WeightAccounting | undefined {
  const { perToken } = facts;
  if (!perToken) return undefined;
  return {
    activeBytes: perToken.bytes,
    kvBytesPerToken: facts.kvBytesPerToken * cacheShare,
    totalBytes: facts.tensorBytes,
    parameters: facts.parameters,
    activeParameters: perToken.parameters,
    tiedEmbeddings: perToken.tiedEmbeddings,
    layers: facts.layers,
    architecture: facts.architecture,
    quantization: facts.quantisation ?? '',
    ...(perToken.experts && { experts: perToken.experts }),
  };
}

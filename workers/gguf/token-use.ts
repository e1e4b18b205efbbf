import type { TokenUse } from '../../src/shared/domain/gguf';
import { type GgufHeader, type Metadata, wholeNumber } from './gguf-header';

/**
 * What one token reads of the weights. One row of the table of embeddings is next to nothing, unless the table is the output
 * layer, too; then all of it is read, once. Of a mixture, as many experts as answer.
 */
export function tokenUse(metadata: Metadata, architecture: string, all: readonly GgufHeader[]): TokenUse {
  const sum = (of: (header: GgufHeader) => number): number => all.reduce((total, header) => total + of(header), 0);
  const tiedEmbeddings = !all.some(({ hasOutput }) => hasOutput);
  const of = wholeNumber(metadata.get(`${architecture}.expert_count`)) ?? 0;
  const used = Math.min(of, wholeNumber(metadata.get(`${architecture}.expert_used_count`)) ?? of);
  const idle = of > 0 ? 1 - used / of : 0;
  return {
    bytes: Math.round(
      sum(
        ({ tensorBytes, embedding, experts }) =>
          tensorBytes - (tiedEmbeddings ? 0 : embedding.bytes) - experts.bytes * idle,
      ),
    ),
    parameters: Math.round(
      sum(
        ({ parameters, embedding, experts }) =>
          parameters - (tiedEmbeddings ? 0 : embedding.parameters) - experts.parameters * idle,
      ),
    ),
    tiedEmbeddings,
    ...(of > 0 && { experts: { used, of } }),
  };
}

/** How much memory a model takes in llama.cpp, and how large a window it can have. Asked before llama.cpp runs out of it late and without a word. */
import { FailureError } from '../../../src/shared/protocol/failure';
import type { GgufFacts } from '../../../src/shared/domain/gguf';
import type { LlamaCppFacts } from '../../../src/shared/platform/llama-cpp-facts';

/** Code, stack, tokenizer and the like, measured at about 100 MB; the buffers of the graph come on top. */
const fixedBytes = 128 * 1024 ** 2;
/** llama.cpp pads the KV cache to this many tokens. */
export const contextStep = 256;

/**
 * Asked before weights are read or copied that the engine of this browser cannot hold in one piece.
 * @param fileBytes of each file
 * @throws FailureError `weights-too-large`
 */
export function checkWeights(
  { tensorBytes }: Pick<GgufFacts, 'tensorBytes'>,
  fileBytes: readonly number[],
  { build, pieceBytes }: LlamaCppFacts,
): void {
  const neededBytes = Math.max(tensorBytes, ...fileBytes);
  if (neededBytes <= pieceBytes) return;
  const numbers = { neededBytes, availableBytes: pieceBytes };
  throw new FailureError({
    kind: 'weights-too-large',
    technical: `${neededBytes} bytes in one piece (${build})`,
    numbers,
  });
}

/** The memory a model takes with a window of this size, estimated from above. */
export function memoryNeeded(facts: GgufFacts, contextTokens: number, batchTokens: number): number {
  // The widest row of the graph is the vocabulary; everything else of a batch is small beside it.
  const graphBytes = facts.vocabulary * batchTokens * 4;
  return facts.tensorBytes + facts.kvBytesPerToken * contextTokens + graphBytes + fixedBytes;
}

/**
 * The window to load the model with. A window that was asked for is taken or refused; without one the model's own limit is
 * taken, or less where the memory ends first: today's models state windows whose cache alone would be larger than 4 GiB.
 */
export function chooseContext(
  facts: GgufFacts,
  wanted: number | undefined,
  batchTokens: number,
  { memoryBytes, pieceBytes }: Pick<LlamaCppFacts, 'memoryBytes' | 'pieceBytes'>,
): number {
  const smallest = Math.min(2 * contextStep, wanted ?? Infinity);
  const ownLimit = facts.contextTokens ?? 4096;
  const room = memoryBytes - memoryNeeded(facts, 0, batchTokens);
  const cacheBytes = Math.min(room, pieceBytes);
  if (facts.kvBytesPerToken * (wanted ?? smallest) > cacheBytes) {
    throw new FailureError({
      kind: 'model-too-large',
      technical: `${facts.architecture} of ${facts.tensorBytes} bytes with a window of ${wanted ?? smallest} tokens`,
      numbers: {
        neededBytes: memoryNeeded(facts, wanted ?? smallest, batchTokens),
        availableBytes: memoryBytes - (room - cacheBytes),
      },
    });
  }
  if (wanted !== undefined) return wanted;
  const fitting =
    facts.kvBytesPerToken > 0 ? Math.floor(cacheBytes / facts.kvBytesPerToken / contextStep) * contextStep : ownLimit;
  return Math.min(ownLimit, Math.max(fitting, smallest));
}

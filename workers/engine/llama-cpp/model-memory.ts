/** How much memory a model takes in llama.cpp, and how large a window it can have. Asked before llama.cpp runs out of it late and without a word. */
import { FailureError } from '../../../src/contracts/failure';
import type { GgufFacts } from '../../../src/contracts/gguf';
import type { LlamaCppFacts } from '../../../src/contracts/llama-cpp-facts';

/** Code, stack, tokenizer and the like, measured at about 100 MB; the buffers of the graph come on top. */
const fixedBytes = 128 * 1024 ** 2;
/** llama.cpp pads the KV cache to this many tokens. */
export const contextStep = 256;

/**
 * Asked before a file is read or copied that llama.cpp would take for one that is cut off.
 * @throws FailureError `file-too-large`
 */
export function checkFileSizes(sizes: readonly number[], { build, fileBytes }: LlamaCppFacts): void {
  const largest = Math.max(...sizes);
  if (largest <= fileBytes) return;
  const numbers = { neededBytes: largest, availableBytes: fileBytes };
  throw new FailureError({ kind: 'file-too-large', technical: `${largest} bytes in one file (${build})`, numbers });
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
  availableBytes: number,
): number {
  const smallest = Math.min(2 * contextStep, wanted ?? Infinity);
  const ownLimit = facts.contextTokens ?? 4096;
  const neededBytes = memoryNeeded(facts, wanted ?? smallest, batchTokens);
  if (neededBytes > availableBytes) {
    throw new FailureError({
      kind: 'model-too-large',
      technical: `${facts.architecture} of ${facts.tensorBytes} bytes with a window of ${wanted ?? smallest} tokens`,
      numbers: { neededBytes, availableBytes },
    });
  }
  if (wanted !== undefined) return wanted;
  const room = availableBytes - memoryNeeded(facts, 0, batchTokens);
  const fitting =
    facts.kvBytesPerToken > 0 ? Math.floor(room / facts.kvBytesPerToken / contextStep) * contextStep : ownLimit;
  return Math.min(ownLimit, Math.max(fitting, smallest));
}

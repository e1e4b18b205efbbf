/** What a model needs that is not of the catalog, from its manifest. */
import type { LoadSettings } from '../shared/domain/engine-choice';
import type { FitNeed } from '../shared/domain/fit';
import type { WeightsManifest } from '../shared/protocol/weights';

const contextTokens = 4096;
/** llama.cpp's code, stack, tokenizer and the buffers of its graph. */
const engineBytes = 160 * 1024 ** 2;
/** WebLLM's buffers for a piece of a prompt, and its logits. */
const gpuBufferBytes = 256 * 1024 ** 2;
/** For weights that do not say how large their cache is: measured models lie between 1.1 and 1.5. */
const roughFactor = 1.3;

/** From above rather than below; `storedBytes` are the bytes of it that are on the device already. */
export function needOf(manifest: WeightsManifest, storedBytes = 0): FitNeed {
  const { gguf, mlc, format } = manifest;
  const bytes = manifest.files.reduce((total, file) => total + file.bytes, 0);
  // MLC's names carry it: "q4f16_1" computes in 16 bits.
  const names = mlc && mlc.quantisation !== '' ? mlc.quantisation : `${manifest.modelId} ${manifest.name}`;
  const parameters = gguf?.parameters ?? mlc?.parameters;
  return {
    format,
    bytes,
    storedBytes,
    memoryBytes: memoryWith(manifest, contextTokens) ?? Math.round(bytes * roughFactor),
    ...(gguf && { architecture: gguf.architecture }),
    needsF16: format === 'mlc' && /q\df16/i.test(names),
    ...(parameters !== undefined && parameters > 0 && { parameters }),
    ...(mlc && mlc.largestTensorBytes > 0 && { largestTensorBytes: mlc.largestTensorBytes }),
    ...(mlc && mlc.kvBytesPerToken > 0 && { kvBytesPerToken: mlc.kvBytesPerToken }),
  };
}

/**
 * The memory that a model takes with a window of so many tokens, or its own if that is shorter; null where its files do not
 * say enough.
 */
export function memoryWith(
  { gguf, mlc }: WeightsManifest,
  tokens: number,
  kvCache?: LoadSettings['kvCache'],
): number | null {
  const facts = gguf ?? mlc;
  if (!facts || facts.tensorBytes === 0) return null;
  const cacheShare = kvCache === 'q8_0' ? 0.5 : 1;
  const window = Math.min(tokens, facts.contextTokens ?? tokens);
  return facts.tensorBytes + facts.kvBytesPerToken * window * cacheShare + (gguf ? engineBytes : gpuBufferBytes);
}

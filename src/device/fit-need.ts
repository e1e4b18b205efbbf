/** What a model needs that is not of the catalog, from its manifest. */
import type { LoadSettings } from '../shared/domain/engine-choice';
import type { FitNeed } from '../shared/domain/fit';
import type { WeightsManifest } from '../shared/protocol/weights';

const contextTokens = 4096;
/** llama.cpp's code, stack, tokenizer and the buffers of its graph. */
const engineBytes = 160 * 1024 ** 2;
/** WebLLM's buffers for a piece of a prompt, and its logits. */
const gpuBufferBytes = 256 * 1024 ** 2;
/** What llama.cpp keeps for the computation of one picture or one window of sound, beside the projector's weights. */
export const projectorBufferBytes = 256 * 1024 ** 2;
/** For weights that do not say how large their cache is: measured models lie between 1.1 and 1.5. */
const roughFactor = 1.3;

/** From above rather than below; `storedBytes` are the bytes of it that are on the device already. */
export function needOf(manifest: WeightsManifest, storedBytes = 0): FitNeed {
  const { gguf, mlc, format } = manifest;
  const bytes = manifest.files.reduce((total, file) => total + file.bytes, 0);
  // MLC's names carry it: "q4f16_1" computes in 16 bits.
  const names = mlc && mlc.quantisation !== '' ? mlc.quantisation : `${manifest.modelId} ${manifest.name}`;
  const parameters = gguf?.parameters ?? mlc?.parameters;
  const projectorBytes = projectorBytesOf(manifest);
  return {
    format,
    bytes,
    ...(projectorBytes > 0 && { projectorBytes }),
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
  manifest: WeightsManifest,
  tokens: number,
  kvCache?: LoadSettings['kvCache'],
): number | null {
  const { gguf, mlc } = manifest;
  const facts = gguf ?? mlc;
  if (!facts || facts.tensorBytes === 0) return null;
  const cacheShare = kvCache === 'q8_0' ? 0.5 : 1;
  const window = Math.min(tokens, facts.contextTokens ?? tokens);
  const projectorBytes = projectorBytesOf(manifest);
  const seeing = projectorBytes > 0 ? projectorBytes + projectorBufferBytes : 0;
  return (
    facts.tensorBytes + facts.kvBytesPerToken * window * cacheShare + seeing + (gguf ? engineBytes : gpuBufferBytes)
  );
}

/** Of the file that lets the model see or hear; 0 where it has none. */
const projectorBytesOf = ({ files, projector }: WeightsManifest): number =>
  files.find(({ path }) => path === projector?.path)?.bytes ?? 0;

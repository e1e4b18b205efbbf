/** What a model needs that is not of the catalogue, from its manifest. */
import type { FitNeed } from '../contracts/fit';
import type { WeightsManifest } from '../contracts/weights';

const contextTokens = 4096;
/** llama.cpp's code, stack, tokenizer and the buffers of its graph. */
const engineBytes = 160 * 1024 ** 2;
/** For weights that do not say how large their cache is: measured models lie between 1.1 and 1.5. */
const roughFactor = 1.3;

/** From above rather than below; `storedBytes` are the bytes of it that are on the device already. */
export function needOf(manifest: WeightsManifest, storedBytes = 0): FitNeed {
  const { gguf, format } = manifest;
  const bytes = manifest.files.reduce((total, file) => total + file.bytes, 0);
  const window = Math.min(contextTokens, gguf?.contextTokens ?? contextTokens);
  return {
    format,
    bytes,
    storedBytes,
    memoryBytes: gguf
      ? gguf.tensorBytes + gguf.kvBytesPerToken * window + engineBytes
      : Math.round(bytes * roughFactor),
    // MLC's names carry it: "q4f16_1" computes in 16 bits.
    needsF16: format === 'mlc' && /q\df16/i.test(`${manifest.modelId} ${manifest.name}`),
    ...(gguf && { parameters: gguf.parameters }),
  };
}

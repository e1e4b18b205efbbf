import type { WeightsManifest } from '../../shared/protocol/weights';

const common = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072] as const;

/**
 * Windows that a person can choose, in tokens, up to the model's own.
 * @param chosen is among them, whatever it is
 */
export function contextChoices({ gguf, mlc }: WeightsManifest, chosen: number): readonly number[] {
  // Where the files do not say, a longer one than usual would be a guess.
  const own = gguf?.contextTokens ?? mlc?.contextTokens ?? 4096;
  const choices = new Set([...common.filter((tokens) => tokens <= own), Math.min(chosen, own)]);
  if (own <= 32_768) choices.add(own);
  return [...choices].sort((a, b) => a - b);
}

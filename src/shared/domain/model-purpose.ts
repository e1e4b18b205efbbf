/** What a model is made for, told from its files: not every one of them can be talked to. */
import type { WeightsManifest } from '../protocol/weights';

export type ModelPurpose =
  | 'chat'
  /** It makes vectors of texts, for search. */
  | 'embedding'
  /** It writes down what is said. */
  | 'transcription';

const embeds = /embed(?!ded)/i;
/** As words of a name, not as letters inside of one. */
const transcribes = /(^|[^a-z])(asr|stt|speech|whisper)([^a-z]|$)/i;

/**
 * The purpose of a model in the store, or of one that is about to be fetched. The header says it of most embedding models; of
 * models that write speech down only the name does, since others hear as well.
 */
export function purposeOf({
  name,
  gguf,
  projector,
}: Pick<WeightsManifest, 'name' | 'gguf' | 'projector'>): ModelPurpose {
  const names = [name, gguf?.name ?? ''];
  if (gguf?.pooled || names.some((text) => embeds.test(text))) return 'embedding';
  return projector?.hears && names.some((text) => transcribes.test(text)) ? 'transcription' : 'chat';
}

/** The file beside a model that lets it see or hear, which its makers call `mmproj`: told by its header, never by its name. */
import type { Senses } from '../../src/shared/domain/senses';
import { failed, FailureError } from '../../src/shared/protocol/failure';
import type { GgufHeader } from './gguf-header';

export interface ProjectorFacts extends Senses {
  /** As llama.cpp names them: `qwen3vl_merger`, `idefics3`… One for each sense at most. */
  readonly kinds: readonly string[];
  readonly tensorBytes: number;
}

export const isProjector = ({ metadata }: GgufHeader): boolean => metadata.get('general.architecture') === 'clip';

/** @throws FailureError `projector-mismatch` for one that says of no sense that it is for it */
export function projectorFacts({ metadata, tensorBytes }: GgufHeader): ProjectorFacts {
  const sees = metadata.get('clip.has_vision_encoder') === true;
  const hears = metadata.get('clip.has_audio_encoder') === true;
  if (!sees && !hears)
    throw new FailureError(failed('projector-mismatch', 'the projector is for neither pictures nor sounds').failure);
  const kinds = ['clip.projector_type', 'clip.vision.projector_type', 'clip.audio.projector_type'].flatMap((key) => {
    const kind = metadata.get(key);
    return typeof kind === 'string' ? [kind.slice(0, 64)] : [];
  });
  return { sees, hears, kinds, tensorBytes };
}

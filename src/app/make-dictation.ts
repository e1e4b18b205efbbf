/** Builds what turns speech into words. Loaded when somebody first dictates, or adds an audio file. */
import { Dictation } from '../chat/dictation/dictation.svelte';
import { writeDown } from '../chat/dictation/write-down';
import type { SideEngine } from '../engine/side-engine';
import { SpeechModels } from '../models/speech/speech-models.svelte';
import SpeechModelOffer from '../models/speech/SpeechModelOffer.svelte';
import type { Models } from '../models/models.svelte';
import type { Starter } from '../models/starter.svelte';
import type { LoadRequest } from '../shared/protocol/engine';
import { failed, failureFrom } from '../shared/protocol/failure';
import type { StoredModel } from '../shared/protocol/weights';
import type { LatePart } from '../ui/late-part.svelte';
import type { Notices } from './notices.svelte';

interface DictatingApp {
  readonly models: Models;
  readonly notices: Notices;
  readonly starter: LatePart<Starter>;
  readonly sideEngine: LatePart<SideEngine>;
}

/** Half a minute of speech and its words take far less; a longer window would take memory for nothing, in tokens. */
const contextTokens = 2048;

export async function makeDictation({
  models: { shelf },
  notices,
  starter,
  sideEngine,
}: DictatingApp): Promise<Dictation> {
  const models = new SpeechModels(shelf, (await starter.open()).downloads);

  const loadRequest = ({ manifest: { modelId, gguf } }: StoredModel): LoadRequest => {
    const { backend } = shelf.loadSettings.of(modelId);
    return {
      modelId,
      engine: 'llama.cpp',
      files: { storedModelId: modelId },
      contextTokens: Math.min(contextTokens, gguf?.contextTokens ?? contextTokens),
      ...(backend && { backend }),
    };
  };

  return new Dictation({
    models,
    Offer: SpeechModelOffer,
    async ready() {
      if (!shelf.isRead) await shelf.refresh();
      return models.current !== undefined;
    },
    async write(sound, writing) {
      const { current } = models;
      if (!current) return failed('model-not-loaded', 'there is no speech model any more');
      void shelf.touch(current.manifest.modelId);
      try {
        return await writeDown(await sideEngine.open(), loadRequest(current), sound, writing);
      } catch (error) {
        return { ok: false, failure: failureFrom(error) };
      }
    },
    notify: (notice) => notices.show(notice),
  });
}

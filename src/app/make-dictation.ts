/** Builds what turns speech into words. Loaded when somebody first dictates, or adds an audio file. */
import { Dictation } from '../chat/dictation/dictation.svelte';
import { writeDown } from '../chat/dictation/write-down';
import type { SideEngine } from '../engine/side-engine';
import { isSpeechModel } from '../models/speech/speech-models';
import SpeechModelOffer from '../models/speech/SpeechModelOffer.svelte';
import type { Models } from '../models/models.svelte';
import type { LoadRequest } from '../shared/protocol/engine';
import { failed } from '../shared/protocol/failure';
import type { StoredModel } from '../shared/protocol/weights';
import type { LatePart } from '../ui/late-part.svelte';
import type { Notices } from './notices.svelte';

interface DictatingApp {
  readonly models: Models;
  readonly notices: Notices;
  readonly sideEngine: LatePart<SideEngine>;
}

/** Half a minute of speech and its words take far less; a longer window would take memory for nothing, in tokens. */
const contextTokens = 2048;

export function makeDictation({ models: { shelf }, notices, sideEngine }: DictatingApp): Dictation {
  /** Of several, the one used last. */
  const speechModel = (): StoredModel | undefined =>
    [...shelf.stored].filter(isSpeechModel).sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0))[0];

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
    async ready() {
      if (!shelf.isRead) await shelf.refresh();
      return speechModel() !== undefined;
    },
    async write(sound, writing) {
      const model = speechModel();
      if (!model) return failed('model-not-loaded', 'the speech model was deleted');
      void shelf.touch(model.manifest.modelId);
      return writeDown(await sideEngine.open(), loadRequest(model), sound, writing);
    },
    Offer: SpeechModelOffer,
    offerProps: { shelf },
    notify: (notice) => notices.show(notice),
  });
}

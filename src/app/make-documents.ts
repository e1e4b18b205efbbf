/** Builds what knows of collections of files. Loaded with their screen, and where a chat draws on one. */
import type { ChatDocuments } from '../chat/documents/documents-port';
import { likelyEncodings } from '../chat/files/likely-encodings';
import { readPdfPages } from '../chat/files/read-pdf-text';
import { Collections } from '../documents/collections.svelte';
import PlaceDialog from '../documents/PlaceDialog.svelte';
import { isUsable } from '../models/shelf/stored-descriptor';
import { purposeOf } from '../shared/domain/model-purpose';
import { failed } from '../shared/protocol/failure';
import { CollectionsChannel } from '../storage/collections-channel';
import { StoredCollections } from '../storage/stored-collections';
import type { RunningApp } from './running-app';

/** Passages have about 400 tokens, as they are estimated; some tokenizers make twice as many of them. */
const contextTokens = 1024;

type DocumentsApp = Pick<RunningApp, 'chats' | 'models' | 'tell' | 'sideEngine'>;

export async function makeDocuments({
  chats,
  models: { shelf },
  tell,
  sideEngine,
}: DocumentsApp): Promise<ChatDocuments> {
  const usable = async (): Promise<ReadonlyMap<string, string>> => {
    if (!shelf.isRead) await shelf.refresh();
    return new Map(
      shelf.stored
        .filter(
          (model) => isUsable(model) && model.manifest.format === 'gguf' && purposeOf(model.manifest) === 'embedding',
        )
        .map(({ manifest }) => [manifest.modelId, manifest.name]),
    );
  };
  const collections = new Collections({
    store: new StoredCollections(chats.tables),
    channel: new CollectionsChannel(),
    readers: {
      readPdfPages,
      likelyEncoding: async (file) => {
        const { choices } = await likelyEncodings(new Uint8Array(await file.arrayBuffer()));
        return choices[0]?.encoding ?? null;
      },
    },
    models: {
      list: async () => [...(await usable())].map(([modelId, name]) => ({ modelId, name })),
      request: async ({ modelId, name }) =>
        (await usable()).has(modelId)
          ? { ok: true, value: { modelId, engine: 'cpu', files: { storedModelId: modelId }, contextTokens } }
          : failed('weights-incomplete', `${modelId} is not stored`, { subject: name }),
      sideEngine: () => sideEngine.open(),
    },
    tell: (failure) => void tell(failure),
  });
  await collections.load();
  return { collections, PlaceDialog };
}

/** The search of a person's files for one question: it waits until their words can be found, and can be ended at any moment. */
import type { CollectionsApi } from '../../documents/documents-api';
import type { CollectionDocument, CollectionId, FoundPlace, FoundPlaces } from '../../shared/domain/collection';
import { failed, failureFrom, type Result } from '../../shared/protocol/failure';
import type { DocumentsPort } from './documents-port';
import { mostPlaces } from './fit-places';

/** Files that wait although nobody reads them are not waited for. Between two of them there may be a moment without a reader; in ms. */
const graceMs = 1500;

export interface DocumentSearch {
  /** Where nothing is near, `places` are the nearest all the same, and where the files begin. */
  readonly found: FoundPlaces;
  /** Files whose text had not been taken from them yet. */
  readonly missingFiles: number;
}

const waitingIn = (api: CollectionsApi, ids: readonly CollectionId[]): number =>
  ids.reduce((sum, id) => sum + api.documentsOf(id).filter(({ state }) => state === 'waiting').length, 0);

/**
 * Until the words of all files can be found, or nobody reads any more. Vectors are not waited for: they take minutes.
 * @param tell how far the reading is, 0 to 1
 */
function wordsReady(
  api: CollectionsApi,
  ids: readonly CollectionId[],
  signal: AbortSignal,
  tell: (fraction: number | null) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let grace: ReturnType<typeof setTimeout> | undefined;
    const end = $effect.root(() => {
      $effect(() => {
        clearTimeout(grace);
        const progress = ids.map((id) => api.progressOf(id)).find((one) => one?.step === 'reading');
        if (waitingIn(api, ids) === 0 || api.paused) return leave();
        tell(progress?.fraction ?? null);
        if (!api.elsewhere && ids.every((id) => api.progressOf(id) === null)) grace = setTimeout(leave, graceMs);
      });
    });
    function leave(): void {
      clearTimeout(grace);
      signal.removeEventListener('abort', leave);
      resolve();
      // Not in the middle of the effect.
      queueMicrotask(end);
    }
    signal.addEventListener('abort', leave);
  });
}

/** Of what was found where nothing is near. */
const mostNearest = 3;
/** Beginnings of files that are taken where no passage is near. */
const mostBeginnings = 4;

async function beginningOf(
  api: CollectionsApi,
  { id, collectionId, name }: CollectionDocument,
  passages: number,
): Promise<readonly FoundPlace[]> {
  const content = await api.content(id);
  if (!content.ok) return [];
  const text = await content.value.text.text();
  return content.value.passages.slice(0, passages).map((passage) => ({
    ...passage,
    collectionId,
    documentId: id,
    documentName: name,
    text: text.slice(passage.start, passage.end),
    marks: [],
  }));
}

/**
 * "What is this about?" has no word in common with what it is about. So where nothing is near, the files begin to speak: a few
 * passages of a single one, or the first of several.
 */
async function beginnings(api: CollectionsApi, ids: readonly CollectionId[]): Promise<readonly FoundPlace[]> {
  const documents = ids.flatMap((id) => api.documentsOf(id)).filter(({ passages }) => passages > 0);
  const first = documents.slice(0, mostBeginnings);
  const each = Math.floor(mostBeginnings / Math.max(1, first.length));
  return (await Promise.all(first.map((document) => beginningOf(api, document, each)))).flat();
}

/** Nearest first. What a search takes for far may be the answer in other words. */
async function withBeginnings(
  api: CollectionsApi,
  ids: readonly CollectionId[],
  found: readonly FoundPlace[],
): Promise<readonly FoundPlace[]> {
  const nearest = found.slice(0, mostNearest);
  const isNew = ({ documentId, start }: FoundPlace): boolean =>
    !nearest.some((place) => place.documentId === documentId && place.start === start);
  return [...nearest, ...(await beginnings(api, ids)).filter(isNew)];
}

/**
 * Never rejects.
 * @param ids as the conversation names them
 * @returns null where none of the collections is on this device
 */
export async function searchDocuments(
  documents: DocumentsPort,
  ids: readonly CollectionId[],
  question: string,
  signal: AbortSignal,
  tell: (fraction: number | null) => void,
): Promise<Result<DocumentSearch> | null> {
  const cancelled = failed('cancelled', 'the answer was stopped');
  try {
    tell(null);
    const { collections: api } = await documents.open();
    if (api.list.length === 0) await api.load();
    if (api.failure) return { ok: false, failure: api.failure };
    const known = ids.filter((id) => api.list.some((one) => one.id === id));
    if (known.length === 0) return null;
    if (signal.aborted) return cancelled;
    await wordsReady(api, known, signal, tell);
    if (signal.aborted) return cancelled;
    tell(null);
    const missingFiles = waitingIn(api, known);
    const found = await api.search(question, known, mostPlaces, signal);
    if (!found.ok) return found;
    const isFar = found.value.isFar || found.value.places.length === 0;
    const places = isFar ? await withBeginnings(api, known, found.value.places) : found.value.places;
    return { ok: true, value: { found: { ...found.value, isFar, places }, missingFiles } };
  } catch (error) {
    return { ok: false, failure: failureFrom(error) };
  }
}

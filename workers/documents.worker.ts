/// <reference lib="webworker" />
/** Entry of the documents worker: it reads files into passages, and finds those that a question asks for. Two of them run. */
import './restrict-scope';
import { expose } from 'comlink';
import type { DocumentsApi } from '../src/shared/protocol/documents';
import { failureFrom, type Result } from '../src/shared/protocol/failure';
import type { PlaceSearch } from './documents/place-search';
import { loadPart } from './load-part';

/** Made for the first question or the first document; a worker that only reads needs none. */
const makeSearch = async (): Promise<PlaceSearch> => {
  const part = await loadPart(() => import('./documents/place-search'));
  return new part.PlaceSearch();
};
let made: Promise<PlaceSearch> | undefined;
const index = (): Promise<PlaceSearch> => (made ??= makeSearch());

async function archived<T>(
  work: (part: typeof import('./documents/collection-archive')) => Promise<T>,
): Promise<Result<T>> {
  try {
    return { ok: true, value: await work(await loadPart(() => import('./documents/collection-archive'))) };
  } catch (error) {
    return { ok: false, failure: failureFrom(error, 'document-unreadable') };
  }
}

const api: DocumentsApi = {
  async read(file, pages) {
    // Loaded only now: what reads files of strangers must find a scope without a way out.
    try {
      const { readDocument } = await loadPart(() => import('./documents/read-document'));
      return await readDocument(file, pages);
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'document-unreadable') };
    }
  },
  async put(documents) {
    const places = await index();
    for (const document of documents) await places.put(document);
  },
  async remove(ids) {
    const places = await index();
    for (const id of ids) places.remove(id);
  },
  pack: (collection) => archived(({ packCollection }) => packCollection(collection)),
  unpack: (file) => archived(({ unpackCollection }) => unpackCollection(file)),
  search: async (query) => (await index()).search(query),
};
expose(api);

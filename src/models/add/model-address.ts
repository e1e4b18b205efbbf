/** Addresses as people paste them. */
import type { CatalogEntry } from '../../shared/domain/catalog';
import type { LocalFile, WeightsRequest } from '../../shared/protocol/weights';
import { entryName } from '../model-traits';

/** Trimmed, and with the "https://" that address bars leave out. Anything else, as "owner/name", is for the worker to judge. */
export function tidyAddress(text: string): string {
  const trimmed = text.trim();
  return /^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(trimmed) ? `https://${trimmed}` : trimmed;
}

/** Whether no model library is needed, as far as the address tells. */
export const looksLikeGguf = (address: string): boolean => /gguf/i.test(address);

/** Where the weights of an entry are, and what they are to be called. */
export function requestFor(entry: CatalogEntry): WeightsRequest {
  const { id, license, repository, revision, file, projector, libraryUrl, librarySha256 } = entry;
  const path = file === undefined ? `tree/${revision}` : `blob/${revision}/${file}`;
  return {
    url: `https://huggingface.co/${repository}/${path}`,
    ...(file !== undefined && {
      projector: projector ? { path: projector.file, sees: projector.sees, hears: projector.hears } : null,
    }),
    ...(libraryUrl !== undefined && { libraryUrl }),
    ...(librarySha256 !== undefined && { librarySha256 }),
    known: { modelId: id, name: entryName(entry), license },
  };
}

/** Files with their paths inside the folder that was chosen; a file chosen by itself has its name only. */
export const localFiles = (files: Iterable<File>): readonly LocalFile[] =>
  [...files].map((file) => ({
    path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
    file,
  }));

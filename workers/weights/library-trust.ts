/**
 * A compiled library is code. Where nobody states its hash, what first came from an address is what has to come from it, until
 * a person agrees to another: neither its publisher's account nor a mirror can replace it in silence.
 */
import { FailureError } from '../../src/shared/protocol/failure';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { mlcLibrary } from '../mlc/mlc-library';
import type { FileKey } from './store/weights-database';
import type { WeightsStore } from './store/weights-store';
import { sha256 } from './verify/digest';

/**
 * By what a library is known: its published address, wherever it was fetched from; the place in its repository otherwise.
 * @returns undefined without a library, or for one that a person has opened as a file
 */
export function libraryAddressOf({ files, library, source }: WeightsManifest): string | undefined {
  const path = library?.path ?? mlcLibrary(files)?.path;
  const file = files.find((entry) => entry.path === path);
  if (!file || source.kind === 'files') return undefined;
  if (library?.address !== undefined) return library.address;
  if (file.url !== undefined) return file.url;
  return source.kind === 'hub' ? `hub:${source.repository}/${file.path}` : new URL(file.path, source.folder).href;
}

/**
 * Holds the library of a model against what is known of its address, which is noted when nothing is.
 * @param fileKeys of the manifest's files, in their order; the library is whole
 * @throws FailureError `library-changed`
 */
export async function checkLibrary(
  store: WeightsStore,
  manifest: WeightsManifest,
  fileKeys: readonly FileKey[],
): Promise<void> {
  const address = libraryAddressOf(manifest);
  const path = manifest.library?.path ?? mlcLibrary(manifest.files)?.path;
  const key = fileKeys[manifest.files.findIndex((file) => file.path === path)];
  if (address === undefined || key === undefined) return;
  const hash = (await store.file(key))?.sha256 ?? (await hashOf(store, key));
  if (hash === undefined) return;
  const known = await store.firstLibrary(address, hash);
  if (known === hash) return;
  const technical = `SHA-256 of ${address} is ${hash}; at first use it was ${known}`;
  throw new FailureError({ kind: 'library-changed', technical, subject: address });
}

async function hashOf(store: WeightsStore, key: FileKey): Promise<string | undefined> {
  const content = await store.content(key);
  return content && (await sha256(await content.arrayBuffer()));
}

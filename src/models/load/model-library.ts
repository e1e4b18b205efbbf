/** Whether the compiled library of an MLC model goes with the engine of this version of the app. */
import { version } from '@mlc-ai/web-llm/package.json';
import type { CatalogEntry } from '../../shared/domain/catalog';
import { isLibraryPath } from '../../shared/domain/mlc';
import type { WeightsManifest } from '../../shared/protocol/weights';

export const webLlmVersion: string = version;

export type LibraryState =
  | { readonly kind: 'fits' }
  | { readonly kind: 'missing' }
  /** @property url of one that fits, where it is known */
  | { readonly kind: 'outdated'; readonly version: string; readonly url: string | undefined };

/** A library whose version nobody states is taken for one that fits: whether it does, loading it tells. */
export function libraryState(manifest: WeightsManifest, entries: readonly CatalogEntry[]): LibraryState {
  if (manifest.format !== 'mlc') return { kind: 'fits' };
  if (!manifest.files.some(({ path }) => isLibraryPath(path))) return { kind: 'missing' };
  const stated = manifest.library?.webLlmVersion;
  if (stated === undefined || stated === webLlmVersion) return { kind: 'fits' };
  return { kind: 'outdated', version: stated, url: currentLibraryUrl(manifest, entries) };
}

/** Where the library for these weights and this version of the engine is; undefined for weights that the catalog does not know. */
export const currentLibraryUrl = ({ source }: WeightsManifest, entries: readonly CatalogEntry[]): string | undefined =>
  source.kind === 'hub'
    ? entries.find(({ format, repository }) => format === 'mlc' && repository === source.repository)?.libraryUrl
    : undefined;

import { isLibraryPath, type MlcLibrary } from '../../src/shared/domain/mlc';

/**
 * The library among the files of a model. Its address tells the version, if anything does.
 * @param address the published one, where the file was fetched from elsewhere
 */
export function mlcLibrary(
  files: readonly { readonly path: string; readonly url?: string }[],
  address?: string,
): MlcLibrary | undefined {
  const file = files.find(({ path }) => isLibraryPath(path));
  if (!file) return undefined;
  const version = libraryVersion(address ?? file.url ?? file.path);
  return {
    path: file.path,
    ...(version !== undefined && { webLlmVersion: version }),
    ...(address !== undefined && address !== file.url && { address }),
  };
}

/** "…/v0_2_86/base/…" → "0.2.86" */
export function libraryVersion(address: string): string | undefined {
  const [, major, minor, patch] = /(?:^|\/)v(\d+)_(\d+)_(\d+)\//.exec(address) ?? [];
  return major === undefined ? undefined : `${major}.${minor}.${patch}`;
}

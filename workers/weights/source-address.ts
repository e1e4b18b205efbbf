import { encodePath, hubFileUrl, type ModelHub } from '../../src/shared/domain/model-hub';
import type { WeightsFile, WeightsManifest } from '../../src/shared/protocol/weights';

/**
 * Where a file of a model is fetched from.
 * @param hub may be another one than when the download began
 * @returns undefined for files that were copied from this device
 */
export function fileUrl({ source }: WeightsManifest, { url, path }: WeightsFile, hub: ModelHub): string | undefined {
  if (url !== undefined) return url;
  if (source.kind === 'hub') return hubFileUrl(hub, source.repository, source.commit, path);
  return source.kind === 'web' ? new URL(encodePath(path), source.folder).href : undefined;
}

import type { WeightsFile, WeightsManifest } from '../../src/contracts/weights';

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Address of a hub's file at a pinned commit. It answers with a redirect to an address that expires: always start from here. */
export const hubFileUrl = (hubUrl: string, repository: string, commit: string, path: string): string =>
  `${hubUrl.replace(/\/$/, '')}/${repository}/resolve/${commit}/${encodePath(path)}`;

/**
 * Where a file of a model is fetched from.
 * @param hubUrl the hub, or a mirror that keeps its paths; may be another one than when the download began
 * @returns undefined for files that were copied from this device
 */
export function fileUrl({ source }: WeightsManifest, { url, path }: WeightsFile, hubUrl: string): string | undefined {
  if (url !== undefined) return url;
  if (source.kind === 'hub') return hubFileUrl(hubUrl, source.repository, source.commit, path);
  return source.kind === 'web' ? new URL(encodePath(path), source.folder).href : undefined;
}

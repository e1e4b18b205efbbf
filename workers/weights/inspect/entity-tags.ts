/**
 * Files whose hash nobody states, at an address that may have other content tomorrow: their entity tag tells whether a file is still
 * the one whose first part is here. Without it, a file could be put together from two versions.
 */
import { FailureError } from '../../../src/shared/protocol/failure';
import type { ModelHub } from '../../../src/shared/domain/model-hub';
import type { WeightsFile, WeightsManifest } from '../../../src/shared/protocol/weights';
import { fileUrl } from '../source-address';
import { probeFile } from './fetch-json';
import type { Look } from './look';

const hasHash = ({ sha256, gitSha1 }: WeightsFile): boolean => sha256 !== undefined || gitSha1 !== undefined;

/** @throws FailureError `download-not-weights` when the host has a file of another length than was stated */
export async function withEntityTag(file: WeightsFile, url: string, look: Look): Promise<WeightsFile> {
  // An empty file has no byte that could be asked for.
  if (hasHash(file) || file.bytes === 0) return file;
  const { bytes, etag } = await probeFile(url, file.path, look);
  if (bytes === file.bytes) return { ...file, ...(etag !== undefined && { etag }) };
  const technical = `${file.path} has ${bytes} bytes, ${file.bytes} were stated`;
  throw new FailureError({ kind: 'download-not-weights', technical, subject: file.path });
}

/**
 * The files of a model of a hub, with entity tags where nothing else pins their content: some hosts name no commit.
 * @throws FailureError
 */
export async function pinnedFiles(
  manifest: WeightsManifest,
  hub: ModelHub,
  look: Look,
): Promise<readonly WeightsFile[]> {
  const { source, files } = manifest;
  if (source.kind !== 'hub' || /^[0-9a-f]{40}$/.test(source.commit)) return files;
  return Promise.all(
    files.map((file) => {
      // What has an address of its own has been asked already.
      const url = file.url === undefined ? fileUrl(manifest, file, hub) : undefined;
      return url === undefined ? file : withEntityTag(file, url, look);
    }),
  );
}

/**
 * The manifest with the sizes and entity tags that its files have now. Files with a hash stay: whatever lies at their address,
 * only one content is right.
 * @throws FailureError
 */
export async function withFreshTags(manifest: WeightsManifest, hub: ModelHub, look: Look): Promise<WeightsManifest> {
  const files = await Promise.all(
    manifest.files.map(async (file) => {
      const url = fileUrl(manifest, file, hub);
      if (url === undefined || hasHash(file)) return file;
      const facts = await probeFile(url, file.path, look);
      return { path: file.path, ...(file.url !== undefined && { url: file.url }), ...facts };
    }),
  );
  return { ...manifest, files };
}

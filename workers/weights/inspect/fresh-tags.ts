import type { ModelHub } from '../../../src/contracts/model-hub';
import type { WeightsManifest } from '../../../src/contracts/weights';
import { fileUrl } from '../source-address';
import { probeFile } from './fetch-json';
import type { Look } from './look';

/**
 * The manifest with the sizes and entity tags that its files have now. Files with a hash stay: whatever lies at their address,
 * only one content is right.
 * @throws FailureError
 */
export async function withFreshTags(manifest: WeightsManifest, hub: ModelHub, look: Look): Promise<WeightsManifest> {
  const files = await Promise.all(
    manifest.files.map(async (file) => {
      const url = fileUrl(manifest, file, hub);
      if (url === undefined || file.sha256 !== undefined || file.gitSha1 !== undefined) return file;
      const facts = await probeFile(url, file.path, look);
      return { path: file.path, ...(file.url !== undefined && { url: file.url }), ...facts };
    }),
  );
  return { ...manifest, files };
}

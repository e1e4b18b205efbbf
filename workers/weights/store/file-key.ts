import type { WeightsFile, WeightsManifest } from '../../../src/shared/protocol/weights';
import type { FileKey } from './weights-database';

/**
 * The key under which a file's content is stored: its hash, so that two models with the same library share it; where no hash
 * is known, the address with the entity tag and size, so that another version of the file never continues the first one.
 * @param url where the file comes from: an absolute URL, or a name of its own for a file of this device
 */
export function fileKey(file: WeightsFile, url: string): FileKey {
  if (file.sha256 !== undefined) return `sha256:${file.sha256}`;
  if (file.gitSha1 !== undefined) return `git-sha1:${file.gitSha1}`;
  return `address:${url} ${file.etag ?? ''} ${file.bytes}`;
}

export const manifestBytes = ({ files }: WeightsManifest): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

import { isUnreadable } from '../../../src/shared/platform/unreadable-blob';
import type { FileTransfer } from '../download/file-transfer';
import type { FileRecord } from '../store/weights-database';
import type { WeightsStore } from '../store/weights-store';
import { gitSha1, sha256 } from './digest';
import type { FollowingHash } from './following-hash';

export type FileVerdict =
  | { readonly right: true; readonly verified: FileRecord['verified']; readonly sha256: string }
  | { readonly right: false; readonly technical: string };

/**
 * Judges the whole content of a file against what the manifest promises.
 * @param following null for a file of one chunk, which WebCrypto hashes faster from the store
 * @returns null when it was abandoned, or a chunk got lost meanwhile, which must be fetched again
 */
export async function judgeFile(
  transfer: FileTransfer,
  store: WeightsStore,
  following: FollowingHash | null,
): Promise<FileVerdict | null> {
  const { file } = transfer;
  const content = following ? null : await onlyChunk(transfer, store);
  const hash = following ? await following.run() : content && (await sha256(content));
  if (hash === null) return null;
  if (file.sha256 !== undefined) {
    return hash === file.sha256
      ? { right: true, verified: 'sha256', sha256: hash }
      : { right: false, technical: `SHA-256 of ${file.path} is ${hash} instead of ${file.sha256}` };
  }
  // Only small files of a repository come without a SHA-256: up to 10 MB, which is more than a chunk.
  if (file.gitSha1 !== undefined) {
    const whole = await wholeContent(transfer, store);
    if (whole === null) return null;
    const id = await gitSha1(whole);
    return id === file.gitSha1
      ? { right: true, verified: 'git-sha1', sha256: hash }
      : { right: false, technical: `git's hash of ${file.path} is ${id} instead of ${file.gitSha1}` };
  }
  return { right: true, verified: 'size', sha256: hash };
}

/** Null when it could not be read: it is deleted then. */
async function onlyChunk(transfer: FileTransfer, store: WeightsStore): Promise<ArrayBuffer | null> {
  const { key } = transfer.record;
  try {
    const chunk = await store.readChunk(key, 0);
    if (chunk?.size === transfer.lengthOf(0)) return await chunk.arrayBuffer();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  await store.loseChunk(key, 0);
  transfer.lost(0);
  return null;
}

async function wholeContent({ record, chunks }: FileTransfer, store: WeightsStore): Promise<Blob | null> {
  const parts = await Promise.all(Array.from({ length: chunks }, (_, index) => store.readChunk(record.key, index)));
  const present = parts.filter((part) => part !== undefined);
  return present.length === chunks ? new Blob(present) : null;
}

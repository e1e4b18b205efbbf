import type { IDBPObjectStore } from 'idb';
import type { WeightsFile } from '../../../src/shared/protocol/weights';
import { chunkBytes } from './chunk-layout';
import { fileKey } from './file-key';
import type { FileKey, FileRecord, WeightsSchema } from './weights-database';

type FileStore = IDBPObjectStore<WeightsSchema, ('models' | 'files')[], 'files', 'readwrite'>;

export const newFileRecord = (key: FileKey, { bytes, sha256 }: WeightsFile): FileRecord => ({
  key,
  bytes,
  chunkBytes,
  state: 'partial',
  verified: 'no',
  ...(sha256 !== undefined && { sha256 }),
  unfinished: {},
});

/** The key under which this content lies already, perhaps brought from elsewhere; otherwise the one it is to get. */
export async function resolveFile(files: FileStore, file: WeightsFile, url: string): Promise<FileKey> {
  if (file.sha256 !== undefined) {
    const same = await files.index('sha256').getAll(file.sha256);
    const whole = same.find(({ state, bytes }) => state === 'whole' && bytes === file.bytes);
    if (whole) return whole.key;
  }
  return fileKey(file, url);
}

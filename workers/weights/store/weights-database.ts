import type { DBSchema } from 'idb';
import type { Failure } from '../../../src/shared/protocol/failure';
import type { DatabaseDefinition } from '../../../src/shared/platform/open-database';
import type { HashPoint } from './hash-points';
import { weightsDatabaseName, type StoredModelState, type WeightsManifest } from '../../../src/shared/protocol/weights';

/** Names content, not a place: the same bytes are stored once, however many models use them. */
export type FileKey = string;

export interface ModelRecord {
  readonly modelId: string;
  readonly manifest: WeightsManifest;
  /** One for each file of the manifest, in its order. */
  readonly fileKeys: readonly FileKey[];
  readonly state: StoredModelState;
  readonly failure?: Failure;
  /** Milliseconds since 1970, like all times below. */
  readonly addedAt: number;
  readonly lastUsedAt?: number;
  /** A host has put the download off, or does not answer: until then others go first. */
  readonly postponed?: { readonly until: number; readonly failure: Failure };
  /** What takes its place when the new library is whole and verified. */
  readonly next?: { readonly manifest: WeightsManifest; readonly fileKeys: readonly FileKey[] };
  /** Taken off the list; the bytes are freed when nobody wants the model back any more. */
  readonly removedAt?: number;
}

export interface FileRecord {
  readonly key: FileKey;
  readonly bytes: number;
  /** Every chunk has this length, the last one the rest. A property of the file, so that the constant may change. */
  readonly chunkBytes: number;
  readonly state: 'partial' | 'whole';
  /** What the whole content was checked against. */
  readonly verified: 'sha256' | 'git-sha1' | 'size' | 'no';
  /** Of the whole content, lower-case hex: compared, or found and noted where there was nothing to compare with. */
  readonly sha256?: string;
  /** Chunks that a pause left unfinished: index and bytes. After a crash there are none, since only whole chunks are written. */
  readonly unfinished: Readonly<Record<number, number>>;
  /** Whole, and usable as such, but to be read and hashed again. */
  readonly doubted?: true;
  /** How far it has been hashed, in the order of the chunks; absent where nothing is kept. */
  readonly hashed?: readonly HashPoint[];
}

export interface WeightsSchema extends DBSchema {
  models: { key: string; value: ModelRecord };
  files: { key: FileKey; value: FileRecord; indexes: { sha256: string } };
  /** Blobs; bytes where the browser refuses Blobs. Both may lie side by side. */
  chunks: { key: [FileKey, number]; value: Blob | ArrayBuffer };
  /** What first came from the address of a compiled library. */
  libraries: { key: string; value: { readonly address: string; readonly sha256: string } };
}

export const weightsDatabase: DatabaseDefinition<WeightsSchema> = {
  name: weightsDatabaseName,
  refused: 'weights-unavailable',
  migrations: [
    (database) => {
      database.createObjectStore('models', { keyPath: 'modelId' });
      database.createObjectStore('files', { keyPath: 'key' }).createIndex('sha256', 'sha256');
      database.createObjectStore('chunks');
    },
    (database) => {
      database.createObjectStore('libraries', { keyPath: 'address' });
    },
  ],
};

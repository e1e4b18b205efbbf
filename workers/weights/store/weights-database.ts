import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import type { Failure } from '../../../src/shared/protocol/failure';
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

export type WeightsDatabase = IDBPDatabase<WeightsSchema>;

type Upgrade = IDBPTransaction<WeightsSchema, StoreNames<WeightsSchema>[], 'versionchange'>;
type Migration = (database: WeightsDatabase, transaction: Upgrade) => void;

/** Entry n takes the database from version n to n + 1. Never changed once released: append. */
export const migrations: readonly Migration[] = [
  (database) => {
    database.createObjectStore('models', { keyPath: 'modelId' });
    database.createObjectStore('files', { keyPath: 'key' }).createIndex('sha256', 'sha256');
    database.createObjectStore('chunks');
  },
  (database) => {
    database.createObjectStore('libraries', { keyPath: 'address' });
  },
];

interface DatabaseEvents {
  /** Another tab keeps the database open in an older version. */
  readonly onBlocked: () => void;
  /** The connection is gone: the browser closed it, or a newer version or "Delete everything" needed it to. */
  readonly onClosed: () => void;
}

/**
 * Opens the weights database, and brings an older one up to date.
 * @throws DOMException where the browser refuses storage (private mode, policy, a broken profile)
 */
export function openWeightsDatabase(
  { onBlocked, onClosed }: DatabaseEvents,
  steps: readonly Migration[] = migrations,
): Promise<WeightsDatabase> {
  return openDB<WeightsSchema>(weightsDatabaseName, steps.length, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      for (const step of steps.slice(oldVersion)) step(database, transaction);
    },
    blocked: onBlocked,
    // A newer tab wants to upgrade, or everything is being deleted: let go, else it waits for ever.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  });
}

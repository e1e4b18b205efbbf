/**
 * The weights on this device: models, files and chunks in one IndexedDB database. Nothing here knows of networks or engines;
 * another backing (OPFS) could take its place without touching either.
 */
import { type IDBPTransaction, unwrap } from 'idb';
import { BlobSupport } from '../../../src/shared/platform/blob-support';
import { DatabaseConnection } from '../../../src/shared/platform/database-connection';
import { FailureError } from '../../../src/shared/protocol/failure';
import type { StoredModelState, WeightsFile, WeightsManifest } from '../../../src/shared/protocol/weights';
import { chunkCount, chunkLength, storedBytes } from './chunk-layout';
import { chunkedContent } from './chunked-content';
import type { FileContent } from '../../file-content';
import { newFileRecord, resolveFile } from './file-records';
import { pointsBefore, withHashPoint, type HashPoint } from './hash-points';
import {
  weightsDatabase,
  type FileKey,
  type FileRecord,
  type ModelRecord,
  type WeightsSchema,
} from './weights-database';

const chunksOf = (key: FileKey): IDBKeyRange => IDBKeyRange.bound([key, 0], [key, Infinity]);

export class WeightsStore {
  readonly #connection = new DatabaseConnection(weightsDatabase);
  readonly #blobs = new BlobSupport();

  /** Whether chunks are better handed over as bytes. */
  get wantsBytes(): boolean {
    return this.#blobs.refused;
  }

  async models(): Promise<ModelRecord[]> {
    return this.#connection.use((database) => database.getAll('models'));
  }

  async model(modelId: string): Promise<ModelRecord | undefined> {
    return this.#connection.use((database) => database.get('models', modelId));
  }

  async file(key: FileKey): Promise<FileRecord | undefined> {
    return this.#connection.use((database) => database.get('files', key));
  }

  /** Which chunks of a file there are, from keys alone: the chunks themselves stay on disk. */
  async chunkIndices(key: FileKey): Promise<number[]> {
    const keys = await this.#connection.use((database) => database.getAllKeys('chunks', chunksOf(key)));
    return keys.map(([, index]) => index);
  }

  /** Bytes of a file that are on the device; 0 for one that nobody knows. */
  async storedBytes(key: FileKey): Promise<number> {
    const record = await this.file(key);
    if (record?.state === 'whole') return record.bytes;
    return record ? storedBytes(record, await this.chunkIndices(key)) : 0;
  }

  /** Bytes of a model that are on the device. */
  async modelBytes({ fileKeys }: ModelRecord): Promise<number> {
    let bytes = 0;
    for (const key of fileKeys) bytes += await this.storedBytes(key);
    return bytes;
  }

  /**
   * Notes a model and its files in one transaction. Content that another model has brought is found by its hash and shared.
   * @param urlOf the address of a file, or another name for where it is from: the key of content that has no hash
   */
  async admit(
    manifest: WeightsManifest,
    state: StoredModelState,
    urlOf: (file: WeightsFile) => string,
  ): Promise<ModelRecord> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(['models', 'files'], 'readwrite', { durability: 'strict' });
      const files = transaction.objectStore('files');
      const before = await transaction.objectStore('models').get(manifest.modelId);
      const fileKeys: FileKey[] = [];
      for (const file of manifest.files) {
        const key = await resolveFile(files, file, urlOf(file));
        if ((await files.get(key)) === undefined) await files.put(newFileRecord(key, file));
        fileKeys.push(key);
      }
      const { modelId } = manifest;
      const record: ModelRecord = { modelId, manifest, fileKeys, state, addedAt: before?.addedAt ?? Date.now() };
      await transaction.objectStore('models').put(record);
      await transaction.done;
      return record;
    });
  }

  /** Notes one more file, which a model is going to name. @param url where it is from @returns its key */
  async admitFile(file: WeightsFile, url: string): Promise<FileKey> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(['files'], 'readwrite', { durability: 'strict' });
      const files = transaction.objectStore('files');
      const key = await resolveFile(files, file, url);
      if ((await files.get(key)) === undefined) await files.put(newFileRecord(key, file));
      await transaction.done;
      return key;
    });
  }

  /**
   * Changes one model's record. The change sees the record as it is now, whatever other tabs have done to it.
   * @returns the new record; undefined when the model is gone or the change was declined by returning undefined
   */
  async changeModel(
    modelId: string,
    change: (record: ModelRecord) => ModelRecord | undefined,
  ): Promise<ModelRecord | undefined> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction('models', 'readwrite', { durability: 'strict' });
      const record = await transaction.store.get(modelId);
      const changed = record && change(record);
      if (changed) await transaction.store.put(changed);
      // Not before `done`: a request's success can still be undone by a full disk.
      await transaction.done;
      return changed;
    });
  }

  /**
   * Writes one chunk. Durability is relaxed: after a power cut a chunk may be missing, which its key tells, or damaged, which
   * the hash tells.
   * @param unfinished true when the chunk is only the beginning of one, as at a pause
   */
  writeChunk(key: FileKey, index: number, chunk: Blob | ArrayBuffer, unfinished = false): Promise<void> {
    const size = chunk instanceof Blob ? chunk.size : chunk.byteLength;
    return this.#connection.use(async (database) => {
      const asBytes = !(await this.#blobs.keepsBlobs(unwrap(database), 'chunks'));
      // Before the transaction, which would not wait for it.
      const content = asBytes && chunk instanceof Blob ? await chunk.arrayBuffer() : chunk;
      const transaction = database.transaction(['files', 'chunks'], 'readwrite', { durability: 'relaxed' });
      const files = transaction.objectStore('files');
      const record = await files.get(key);
      // Deleted on the way, as by "Delete everything": bytes without a record could never be found again.
      if (!record) throw new FailureError({ kind: 'weights-unavailable', technical: `no record of ${key}` });
      const { [index]: before, ...others } = record.unfinished;
      // A hash of what was there before is none of what is there now.
      const hashed = pointsBefore(record.hashed ?? [], index);
      const changes = unfinished || before !== undefined || hashed.length < (record.hashed ?? []).length;
      await Promise.all([
        transaction.objectStore('chunks').put(content, [key, index]),
        changes && files.put({ ...record, hashed, unfinished: unfinished ? { ...others, [index]: size } : others }),
        transaction.done,
      ]);
    });
  }

  async readChunk(key: FileKey, index: number): Promise<Blob | undefined> {
    const chunk = await this.#connection.use((database) => database.get('chunks', [key, index]));
    return chunk instanceof ArrayBuffer ? new Blob([chunk]) : chunk;
  }

  /** Deletes a chunk that cannot be read: the file is not whole any more, and what was hashed with it is not either. */
  async loseChunk(key: FileKey, index: number): Promise<void> {
    await this.#connection.use(async (database) => {
      const transaction = database.transaction(['files', 'chunks'], 'readwrite', { durability: 'strict' });
      const files = transaction.objectStore('files');
      const record = await files.get(key);
      const hashed = pointsBefore(record?.hashed ?? [], index);
      await Promise.all([
        record && files.put({ ...record, state: 'partial', verified: 'no', hashed }),
        transaction.objectStore('chunks').delete([key, index]),
        transaction.done,
      ]);
    });
  }

  /** Keeps how far a file has been hashed. Lost in a power cut, it costs only time. @param settleMs as of `goodHashPoint` */
  async keepHash(key: FileKey, point: HashPoint, settleMs: number): Promise<void> {
    await this.#connection.use(async (database) => {
      const transaction = database.transaction('files', 'readwrite', { durability: 'relaxed' });
      const record = await transaction.store.get(key);
      if (record)
        await transaction.store.put({ ...record, hashed: withHashPoint(record.hashed ?? [], point, settleMs) });
      await transaction.done;
    });
  }

  /** The strict record "this file is whole", with what it was checked against. */
  async finishFile(key: FileKey, verified: FileRecord['verified'], sha256: string | undefined): Promise<void> {
    await this.#changeFile(key, ({ doubted: _, hashed: __, ...record }) => ({
      ...record,
      state: 'whole',
      verified,
      unfinished: {},
      ...(sha256 !== undefined && { sha256 }),
    }));
  }

  /** Doubts a file: it is to be hashed again, from its beginning. Until that finds something, it stays as usable as it was. */
  async doubtFile(key: FileKey): Promise<void> {
    await this.#changeFile(key, ({ hashed: _, ...record }) => ({ ...record, doubted: true }));
  }

  /** Throws a file's content away; it is wanted all the same. */
  async discardFile(key: FileKey): Promise<void> {
    await this.#connection.use(async (database) => {
      const transaction = database.transaction(['files', 'chunks'], 'readwrite', { durability: 'strict' });
      const files = transaction.objectStore('files');
      const record = await files.get(key);
      await Promise.all([
        record && files.put(emptied(record)),
        transaction.objectStore('chunks').delete(chunksOf(key)),
        transaction.done,
      ]);
    });
  }

  /** A whole file, put together from its chunks without copying; undefined when a chunk is missing. */
  async content(key: FileKey): Promise<FileContent | undefined> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(['files', 'chunks']);
      const record = await transaction.objectStore('files').get(key);
      if (record?.state !== 'whole') return undefined;
      const chunks = transaction.objectStore('chunks');
      if ((await chunks.get([key, 0])) instanceof ArrayBuffer) {
        const count = await chunks.count(chunksOf(key));
        return count === chunkCount(record) ? this.#inBuffers(record) : undefined;
      }
      // Handles only: the bytes stay on disk.
      const blobs = await chunks.getAll(chunksOf(key));
      const blob = new Blob(blobs);
      return blobs.length === chunkCount(record) && blob.size === record.bytes ? blob : undefined;
    });
  }

  #inBuffers(record: FileRecord): FileContent {
    const { key, bytes, chunkBytes } = record;
    const read = async (index: number): Promise<ArrayBuffer> => {
      const chunk = await this.#connection.use((database) => database.get('chunks', [key, index]));
      const content = chunk instanceof Blob ? await chunk.arrayBuffer() : chunk;
      if (content?.byteLength !== chunkLength(record, index))
        throw new DOMException(`chunk ${index} of ${key} is missing`, 'NotReadableError');
      return content;
    };
    return chunkedContent({ chunkBytes, read }, bytes);
  }

  /** Notes what came from the address of a compiled library, if nothing has before. @returns the hash of what came first */
  async firstLibrary(address: string, sha256: string): Promise<string> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction('libraries', 'readwrite', { durability: 'strict' });
      const known = await transaction.store.get(address);
      if (!known) await transaction.store.put({ address, sha256 });
      await transaction.done;
      return known?.sha256 ?? sha256;
    });
  }

  /** What comes next from this address counts as the first. */
  async forgetLibrary(address: string): Promise<void> {
    await this.#connection.use((database) => database.delete('libraries', address));
  }

  /** Deletes a model with all its content that no other model names. @param stillWanted asked inside the transaction */
  async deleteModel(modelId: string, stillWanted: (record: ModelRecord) => boolean): Promise<boolean> {
    return this.#connection.use(async (database) => {
      const transaction = database.transaction(['models', 'files', 'chunks'], 'readwrite', { durability: 'strict' });
      const models = await transaction.objectStore('models').getAll();
      const record = models.find((model) => model.modelId === modelId);
      if (!record || stillWanted(record)) return false;
      const others = models.filter((model) => model !== record);
      await Promise.all([
        transaction.objectStore('models').delete(modelId),
        deleteUnnamed(transaction, namedBy(record), others),
        transaction.done,
      ]);
      return true;
    });
  }

  /** Deletes those of the given contents that no model names any more. */
  async deleteOrphans(keys: readonly FileKey[]): Promise<void> {
    await this.#connection.use(async (database) => {
      const transaction = database.transaction(['models', 'files', 'chunks'], 'readwrite', { durability: 'strict' });
      const models = await transaction.objectStore('models').getAll();
      await Promise.all([deleteUnnamed(transaction, keys, models), transaction.done]);
    });
  }

  async #changeFile(key: FileKey, change: (record: FileRecord) => FileRecord): Promise<void> {
    await this.#connection.use(async (database) => {
      const transaction = database.transaction('files', 'readwrite', { durability: 'strict' });
      const record = await transaction.store.get(key);
      if (record) await transaction.store.put(change(record));
      await transaction.done;
    });
  }
}

const emptied = ({ doubted: _, hashed: __, ...record }: FileRecord): FileRecord => ({
  ...record,
  state: 'partial',
  verified: 'no',
  unfinished: {},
});

/** Contents of a model, and of what waits to take its place. */
export const namedBy = ({ fileKeys, next }: ModelRecord): readonly FileKey[] => [
  ...fileKeys,
  ...(next?.fileKeys ?? []),
];

type WholeStore = IDBPTransaction<WeightsSchema, ('models' | 'files' | 'chunks')[], 'readwrite'>;

async function deleteUnnamed(
  transaction: WholeStore,
  keys: readonly FileKey[],
  models: readonly ModelRecord[],
): Promise<void> {
  const named = new Set(models.flatMap(namedBy));
  const unnamed = keys.filter((key) => !named.has(key));
  await Promise.all([
    ...unnamed.map((key) => transaction.objectStore('chunks').delete(chunksOf(key))),
    ...unnamed.map((key) => transaction.objectStore('files').delete(key)),
  ]);
}

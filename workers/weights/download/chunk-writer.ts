import type { WeightsStore } from '../store/weights-store';
import type { FileTransfer } from './file-transfer';

/**
 * Gathers the bytes of one connection into chunks and stores them. One chunk is written while the next one comes in; a third
 * would only take memory. The buffer is used again for each chunk: fresh ones would lie around until the garbage collector
 * comes by, and it does not hurry.
 */
export class ChunkWriter {
  #buffer = new Uint8Array(0);
  #transfer: FileTransfer | null = null;
  #index = 0;
  #filled = 0;
  /** What a pause left in the store of this chunk: its beginning. */
  #beginning: Blob | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: WeightsStore,
    /** A chunk is stored. */
    private readonly onChunk: () => void,
  ) {}

  /** Begins with a chunk of a file. @returns how many bytes of it are in the store already */
  async begin(transfer: FileTransfer, index: number): Promise<number> {
    this.#transfer = transfer;
    this.#index = index;
    this.#filled = 0;
    const unfinished = transfer.unfinishedBytes(index) > 0;
    this.#beginning = unfinished ? ((await this.store.readChunk(transfer.record.key, index)) ?? null) : null;
    return this.#beginning?.size ?? 0;
  }

  /** The one chunk of a file without bytes. */
  async storeEmpty(transfer: FileTransfer): Promise<void> {
    await this.store.writeChunk(transfer.record.key, 0, new Blob([]));
    transfer.stored(0, 0, false);
    this.onChunk();
  }

  /** The next bytes of the file, in order. @throws what the store throws, perhaps of the chunk before */
  async take(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const transfer = this.#transfer;
    for (let taken = 0; transfer && taken < bytes.length;) {
      // As this file was begun: a version of the app with smaller chunks may have been installed since.
      if (this.#buffer.length < transfer.record.chunkBytes) this.#buffer = new Uint8Array(transfer.record.chunkBytes);
      const wanted = transfer.lengthOf(this.#index) - (this.#beginning?.size ?? 0);
      const piece = bytes.subarray(taken, taken + wanted - this.#filled);
      this.#buffer.set(piece, this.#filled);
      this.#filled += piece.length;
      taken += piece.length;
      transfer.arrived(piece.length);
      if (this.#filled < wanted) continue;
      await this.#writing;
      this.#write(transfer);
    }
  }

  /** Resolves when all chunks are stored. @throws what the store throws */
  async flush(): Promise<void> {
    await this.#writing;
  }

  /** Stores the beginning of the chunk in hand, so that its bytes need not come again. */
  async keep(): Promise<void> {
    const transfer = this.#transfer;
    const filled = this.#filled;
    if (!transfer || filled === 0) return;
    if (transfer.has(this.#index)) return this.drop();
    const index = this.#index;
    try {
      await this.#writing;
      await this.store.writeChunk(transfer.record.key, index, this.#content(), true);
      transfer.stored(index, filled, true);
      this.#filled = 0;
    } catch {
      // Whatever ended the transfer already says what is wrong; these bytes are fetched again.
      this.drop();
    }
  }

  /** Lets go of the chunk in hand. */
  drop(): void {
    this.#transfer?.dropped(this.#filled);
    this.#filled = 0;
  }

  #write(transfer: FileTransfer): void {
    const index = this.#index;
    const filled = this.#filled;
    const content = this.#content();
    this.#index += 1;
    this.#filled = 0;
    this.#beginning = null;
    // Only a server that ignores ranges sends what is here already.
    if (transfer.has(index)) return transfer.dropped(filled);
    transfer.beginWriting(index);
    this.#writing = this.store.writeChunk(transfer.record.key, index, content).then(
      () => {
        transfer.stored(index, filled, false);
        hurryGarbageCollection();
        this.onChunk();
      },
      (error: unknown) => {
        transfer.failedWriting(index, filled);
        throw error;
      },
    );
    // Thrown where it is awaited; until then it must not count as unhandled.
    this.#writing.catch(() => {});
  }

  /** A copy of the bytes: the buffer can be used again at once. */
  #content(): Blob | ArrayBuffer {
    const bytes = this.#buffer.subarray(0, this.#filled);
    if (this.store.wantsBytes && !this.#beginning) return bytes.slice().buffer;
    return new Blob(this.#beginning ? [this.#beginning, bytes] : [bytes]);
  }
}

/**
 * A Blob that was written stays in the browser's memory until its handle here is collected, and nothing else hurries the
 * garbage collector: handles are tiny, and the bytes behind them are not counted. (Measured: without this, 384 MB written
 * were 387 MB held.) An ArrayBuffer is counted when it is made; its pages are never touched, so it takes no memory itself.
 */
function hurryGarbageCollection(): void {
  // The call keeps a minifier from dropping what looks useless.
  new ArrayBuffer(64 * 1024 ** 2).slice(0, 1);
}

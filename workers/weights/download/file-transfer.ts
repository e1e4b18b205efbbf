import type { WeightsFile } from '../../../src/shared/protocol/weights';
import { chunkCount, chunkLength, storedBytes } from '../store/chunk-layout';
import type { FileRecord } from '../store/weights-database';
import type { WeightsStore } from '../store/weights-store';

/**
 * An address, or a file of this device. Undefined when there is neither: what was copied from a file that is not at hand any
 * more can be verified, but when it is damaged only a person can bring it again.
 */
export type FileOrigin = string | File | undefined;

/** A run of chunks that one connection fetches with one request. */
export interface Segment {
  readonly transfer: FileTransfer;
  readonly first: number;
  /** The chunk after the last. */
  readonly end: number;
}

/** At most so many chunks a request: the chunks then arrive nearly in order, and hashing keeps up with them. */
const mostChunks = 4;

/** Which chunks of a file are missing, on their way, and here. Knows nothing of networks. */
export class FileTransfer {
  readonly #missing = new Set<number>();
  readonly #unfinished = new Map<number, number>();
  readonly #onTheWay = new Set<number>();
  /** Whole, and on their way to the disk, while their connection has gone on to others. */
  readonly #writing = new Set<number>();
  /** Bytes that have arrived of chunks on their way. */
  #inHand = 0;
  #stored = 0;
  /** The server sends whole files only: one connection, from the beginning. */
  #sequential = false;

  private constructor(
    readonly file: WeightsFile,
    readonly record: FileRecord,
    readonly origin: FileOrigin,
  ) {}

  static async open(
    store: WeightsStore,
    file: WeightsFile,
    record: FileRecord,
    origin: FileOrigin,
  ): Promise<FileTransfer> {
    const transfer = new FileTransfer(file, record, origin);
    const chunks = await store.chunkIndices(record.key);
    transfer.#reset(chunks, record.unfinished);
    transfer.#stored = storedBytes(record, chunks);
    return transfer;
  }

  get chunks(): number {
    return chunkCount(this.record);
  }

  /** Bytes stored or in hand. */
  get receivedBytes(): number {
    return this.#stored + this.#inHand;
  }

  /** Whether all chunks are stored. */
  get isComplete(): boolean {
    return this.#missing.size === 0;
  }

  has(index: number): boolean {
    return !this.#missing.has(index);
  }

  /** Bytes of a chunk that an earlier pause left in the store. */
  unfinishedBytes(index: number): number {
    return this.#unfinished.get(index) ?? 0;
  }

  /** The byte of the file at which a chunk begins. */
  startOf(index: number): number {
    return index * this.record.chunkBytes;
  }

  lengthOf(index: number): number {
    return chunkLength(this.record, index);
  }

  /**
   * The next chunks for a connection, in order; null when there are none to hand out now. Runs become shorter towards the
   * end, so that all connections finish together.
   * @param connections how many share the work
   */
  claim(connections: number): Segment | null {
    if (this.#sequential) return this.#claimAll();
    const free = [...this.#missing].filter((index) => !this.#onTheWay.has(index)).sort((a, b) => a - b);
    const first = free[0];
    if (first === undefined) return null;
    const length = Math.min(mostChunks, Math.max(1, Math.ceil(free.length / (connections * 4))));
    let end = first + 1;
    // A chunk with a beginning in the store starts a request of its own.
    while (end - first < length && free[end - first] === end && !this.#unfinished.has(end)) end += 1;
    for (let index = first; index < end; index += 1) this.#onTheWay.add(index);
    return { transfer: this, first, end };
  }

  /** What was not stored can be claimed again. */
  release({ first, end }: Segment): void {
    for (let index = first; index < end; index += 1) if (!this.#writing.has(index)) this.#onTheWay.delete(index);
  }

  beginWriting(index: number): void {
    this.#writing.add(index);
  }

  failedWriting(index: number, bytesInHand: number): void {
    this.#writing.delete(index);
    this.#onTheWay.delete(index);
    this.dropped(bytesInHand);
  }

  arrived(bytes: number): void {
    this.#inHand += bytes;
  }

  /** @param bytesInHand of this chunk, which no longer are; @param unfinished whether only its beginning is stored now */
  stored(index: number, bytesInHand: number, unfinished: boolean): void {
    this.#inHand -= bytesInHand;
    this.#stored += bytesInHand;
    if (unfinished) {
      this.#unfinished.set(index, this.unfinishedBytes(index) + bytesInHand);
    } else {
      this.#unfinished.delete(index);
      this.#missing.delete(index);
      this.#onTheWay.delete(index);
      this.#writing.delete(index);
    }
  }

  /** Bytes in hand that were let go. */
  dropped(bytes: number): void {
    this.#inHand -= bytes;
  }

  /** A stored chunk turned out to be unreadable. */
  lost(index: number): void {
    this.#missing.add(index);
    this.#stored -= this.lengthOf(index);
  }

  /** From here on one connection, from the beginning. */
  becomeSequential(): void {
    this.#sequential = true;
    // To go on after a beginning would be to ask for a part again, and to be sent the whole again, for ever.
    this.#stored -= this.unfinishedBytes(0);
    this.#unfinished.delete(0);
  }

  /** Everything was thrown away. */
  restart(): void {
    this.#reset([], {});
    this.#stored = 0;
  }

  #claimAll(): Segment | null {
    if (this.#onTheWay.size > 0 || this.isComplete) return null;
    for (let index = 0; index < this.chunks; index += 1) this.#onTheWay.add(index);
    return { transfer: this, first: 0, end: this.chunks };
  }

  #reset(stored: readonly number[], unfinished: FileRecord['unfinished']): void {
    this.#unfinished.clear();
    for (const [index, bytes] of Object.entries(unfinished)) this.#unfinished.set(Number(index), bytes);
    const whole = new Set(stored.filter((index) => !this.#unfinished.has(index)));
    this.#missing.clear();
    for (let index = 0; index < this.chunks; index += 1) if (!whole.has(index)) this.#missing.add(index);
  }
}

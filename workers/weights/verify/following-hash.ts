import type { FileTransfer } from '../download/file-transfer';
import type { WeightsStore } from '../store/weights-store';
import type { HashThread } from './hash-thread';

/**
 * Hashes a file while it arrives: in order, each chunk as soon as all before it are there. A chunk that is in hand when its
 * turn comes is hashed from there; others are read back from the store, which also tells whether they were stored well.
 */
export class FollowingHash {
  #next = 0;
  #inHand: ArrayBuffer | null = null;
  #wake: () => void = () => {};
  #abandoned = false;

  constructor(
    private readonly transfer: FileTransfer,
    private readonly store: WeightsStore,
    private readonly thread: HashThread,
    /** A stored chunk could not be read; it has been deleted and must be fetched again. */
    private readonly onLost: (index: number) => void,
  ) {}

  /** Whether the hash waits for just this chunk, so that its bytes are of use. */
  wants(index: number): boolean {
    return index === this.#next && this.#inHand === null;
  }

  /** A chunk was stored. @param bytes its content, handed over; null to have it read from the store */
  stored(index: number, bytes: ArrayBuffer | null): void {
    if (bytes && this.wants(index)) this.#inHand = bytes;
    this.#wake();
  }

  abandon(): void {
    this.#abandoned = true;
    this.#wake();
  }

  /** Resolves when the whole file has come, with lower-case hex; null when abandoned. */
  async run(): Promise<string | null> {
    const { transfer, thread } = this;
    try {
      return await thread.hash(async (update) => {
        while (this.#next < transfer.chunks) {
          while (!transfer.has(this.#next)) {
            if (this.#abandoned) throw new Abandoned();
            await new Promise<void>((resolve) => (this.#wake = resolve));
          }
          if (this.#abandoned) throw new Abandoned();
          if (await this.#feed(update)) this.#next += 1;
        }
      });
    } catch (error) {
      if (error instanceof Abandoned) return null;
      throw error;
    }
  }

  /** @returns false when the chunk was lost */
  async #feed(update: (bytes: ArrayBuffer | Blob) => Promise<void>): Promise<boolean> {
    const index = this.#next;
    const { record } = this.transfer;
    const inHand = this.#inHand;
    if (inHand) {
      await update(inHand);
      this.#inHand = null;
      return true;
    }
    const chunk = await this.store.readChunk(record.key, index);
    try {
      if (chunk?.size !== this.transfer.lengthOf(index)) throw new DOMException('wrong length', 'NotReadableError');
      await update(chunk);
      return true;
    } catch (error) {
      // comlink keeps the name of an exception, not its class.
      if (!(error instanceof Error || error instanceof DOMException) || !/^Not(Readable|Found)Error$/.test(error.name))
        throw error;
      await this.store.deleteChunk(record.key, index);
      this.transfer.lost(index);
      this.onLost(index);
      return false;
    }
  }
}

class Abandoned extends Error {}

import { isUnreadable } from '../../../src/contracts/unreadable-blob';
import type { FileTransfer } from '../download/file-transfer';
import type { WeightsStore } from '../store/weights-store';
import type { HashThread } from './hash-thread';

/**
 * Hashes a file while it arrives: in order, each chunk as soon as all before it are stored. Read back from the store rather
 * than taken from the hand that stored it: so the hash is of what was really written, after a crash too, and needs no memory.
 */
export class FollowingHash {
  #next = 0;
  #wake: () => void = () => {};
  #abandoned = false;

  constructor(
    private readonly transfer: FileTransfer,
    private readonly store: WeightsStore,
    private readonly thread: HashThread,
    /** A stored chunk could not be read; it has been deleted and must be fetched again. */
    private readonly onLost: (index: number) => void,
  ) {}

  /** A chunk was stored. */
  look(): void {
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
  async #feed(update: (chunk: Blob) => Promise<void>): Promise<boolean> {
    const index = this.#next;
    const { record } = this.transfer;
    const chunk = await this.store.readChunk(record.key, index);
    try {
      if (chunk?.size !== this.transfer.lengthOf(index)) throw new DOMException('wrong length', 'NotReadableError');
      await update(chunk);
      return true;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      await this.store.deleteChunk(record.key, index);
      this.transfer.lost(index);
      this.onLost(index);
      return false;
    }
  }
}

class Abandoned extends Error {}

import { isUnreadable } from '../../../src/shared/platform/unreadable-blob';
import type { FileTransfer } from '../download/file-transfer';
import { goodHashPoint, type HashPoint } from '../store/hash-points';
import type { WeightsStore } from '../store/weights-store';
import type { FedHash, HashThread } from './hash-thread';

/** After so many chunks the state of the hash is kept: a third of a second of hashing. */
const keptEvery = 8;

/**
 * Hashes a file while it arrives: in order, each chunk as soon as all before it are stored. Read back from the store rather
 * than taken from the hand that stored it: so the hash is of what was really written, after a crash too, and needs no memory.
 * How far it has come is kept: a tab that is killed goes on from there.
 */
export class FollowingHash {
  #next = 0;
  #wake: () => void = () => {};
  #abandoned = false;

  constructor(
    private readonly transfer: FileTransfer,
    private readonly store: WeightsStore,
    private readonly thread: HashThread,
    /** As of `goodHashPoint`. */
    private readonly settleMs: number,
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
      const from = await this.#startingPoint();
      return await thread.hash(async (hash, resumed) => {
        if (from && resumed) this.#next = from.chunks;
        while (this.#next < transfer.chunks) {
          while (!transfer.has(this.#next)) {
            if (this.#abandoned) throw new Abandoned();
            await new Promise<void>((resolve) => (this.#wake = resolve));
          }
          if (this.#abandoned) throw new Abandoned();
          if (await this.#feed(hash)) await this.#advance(hash);
        }
      }, from?.state);
    } catch (error) {
      if (error instanceof Abandoned) return null;
      throw error;
    }
  }

  async #startingPoint(): Promise<HashPoint | null> {
    const { transfer, store, settleMs } = this;
    const { hashed = [] } = (await store.file(transfer.record.key)) ?? {};
    return goodHashPoint(hashed, Date.now(), settleMs, (index) => transfer.has(index));
  }

  async #advance(hash: FedHash): Promise<void> {
    this.#next += 1;
    if (this.#next % keptEvery !== 0 || this.#next === this.transfer.chunks) return;
    const state = await hash.save();
    if (!state) return;
    const point = { chunks: this.#next, state, at: Date.now() };
    // It saves time and nothing else: whatever is wrong with the store shows itself elsewhere.
    await this.store.keepHash(this.transfer.record.key, point, this.settleMs).catch(() => {});
  }

  /** @returns false when the chunk was lost */
  async #feed({ update }: FedHash): Promise<boolean> {
    const index = this.#next;
    const { record } = this.transfer;
    const chunk = await this.store.readChunk(record.key, index);
    try {
      if (chunk?.size !== this.transfer.lengthOf(index)) throw new DOMException('wrong length', 'NotReadableError');
      await update(chunk);
      return true;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      await this.store.loseChunk(record.key, index);
      this.transfer.lost(index);
      this.onLost(index);
      return false;
    }
  }
}

class Abandoned extends Error {}

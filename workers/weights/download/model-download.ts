/** Fetches all files of one model: several connections share the missing chunks, hashing runs along, and what fails is tried again. */
import { type Failure, FailureError } from '../../../src/shared/protocol/failure';
import { FollowingHash } from '../verify/following-hash';
import type { HashThread } from '../verify/hash-thread';
import { judgeFile } from '../verify/file-verdict';
import type { WeightsStore } from '../store/weights-store';
import type { FileTransfer, Segment } from './file-transfer';
import { ChunkWriter } from './chunk-writer';
import { backoffMs, ContentChanged, LongTrouble, PassingTrouble, RangesIgnored } from './passing-trouble';
import type { ProgressReport } from './progress-report';
import { bringSegment } from './bring-segment';
import { Wakeup } from './wakeup';

export interface DownloadTuning {
  /** Requests at a time. Few: each costs a chunk of memory, and a chunk when the tab dies. */
  readonly connections: number;
  readonly backoffMs: number;
  readonly stallMs: number;
  /** Before a longer wait than this, others go first. */
  readonly patienceMs: number;
  /** How long after a write the disk has certainly taken it: Linux writes back after 30 seconds. */
  readonly settleMs: number;
}

export const usualTuning: DownloadTuning = {
  connections: 2,
  backoffMs: 1000,
  stallMs: 30_000,
  patienceMs: 10_000,
  settleMs: 40_000,
};

/** Whatever a host asks for: after an hour it may be asked again. */
const mostWaitMs = 3_600_000;

/** How often one file may turn out to be another, or to have a wrong hash, before it is given up. */
const mostRestarts = 1;

export class ModelDownload {
  readonly #abort = new AbortController();
  /** Something has changed that an idle loop may have waited for. */
  readonly #wakeup = new Wakeup();
  /** The next try need not be waited for any longer. */
  readonly #tryNow = new Wakeup();
  readonly #following = new Map<FileTransfer, FollowingHash>();
  readonly #restarts = new Map<FileTransfer, number>();
  /** Files whose content is not yet known to be right. */
  readonly #open: Set<FileTransfer>;
  #streaming = 0;
  #tries = 0;
  /** What connections wait for. */
  readonly #troubles = new Set<{ readonly failure: Failure; readonly retryAt: number }>();

  constructor(
    private readonly transfers: readonly FileTransfer[],
    private readonly store: WeightsStore,
    private readonly thread: HashThread,
    private readonly report: ProgressReport,
    private readonly tuning: DownloadTuning,
    /** What the transfer is while bytes come in. */
    private readonly phase: 'downloading' | 'copying' = 'downloading',
  ) {
    this.#open = new Set(transfers);
  }

  /**
   * Runs until every file is whole and verified.
   * @param signal a pause: what has arrived is stored before this rejects with the signal's reason
   * @param tries how many have failed in a row before this one
   * @throws FailureError for what trying again does not mend, LongTrouble for what will not pass soon
   */
  async run(signal: AbortSignal, tries = 0): Promise<void> {
    this.#tries = tries;
    const stop = (): void => this.#stop(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const retry = (): void => this.tryNow();
    self.addEventListener('online', retry);
    const running = [
      ...this.transfers.map((transfer) => this.#verify(transfer)),
      ...Array.from({ length: this.tuning.connections }, () => this.#connection()),
    ].map((work) => work.catch((error: unknown) => this.#stop(error)));
    this.report.enter(this.phase);
    try {
      await Promise.all(running);
      if (this.#abort.signal.aborted) throw this.#abort.signal.reason;
    } finally {
      self.removeEventListener('online', retry);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends the wait for the next try. */
  tryNow(): void {
    this.#tryNow.all();
  }

  /** The first reason counts: what breaks because of it is not the cause. */
  #stop(reason: unknown): void {
    this.#abort.abort(reason);
    for (const following of this.#following.values()) following.abandon();
    this.#wakeup.all();
    this.#tryNow.all();
  }

  get #stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  /** One connection: takes the next missing chunks until there are none in any file. */
  async #connection(): Promise<void> {
    const writer = new ChunkWriter(this.store, () => this.#chunkStored());
    try {
      while (!this.#stopped && this.#open.size > 0) {
        const segment = this.#claim();
        if (segment) await this.#attempt(segment, writer);
        else await this.#idle(writer);
      }
    } finally {
      // Nothing may be written any more when the transfer is over; what failed has been told by then.
      await writer.flush().catch(() => {});
    }
  }

  async #attempt(segment: Segment, writer: ChunkWriter): Promise<void> {
    try {
      await this.#bring(segment, writer);
    } catch (error) {
      if (!this.#stopped) await this.#recover(segment.transfer, error);
    } finally {
      segment.transfer.release(segment);
      this.#wakeup.all();
    }
  }

  /** All missing chunks are on their way. */
  async #idle(writer: ChunkWriter): Promise<void> {
    const changed = this.#wakeup.wait();
    // Its own last chunk may be what everybody waits for.
    await writer.flush();
    if ([...this.#open].every((transfer) => transfer.isComplete)) this.report.enter('verifying');
    else this.#tellTrouble();
    await changed;
  }

  #claim(): Segment | null {
    for (const transfer of this.#open) {
      const segment = transfer.claim(this.tuning.connections);
      if (segment) return segment;
    }
    return null;
  }

  async #bring(segment: Segment, writer: ChunkWriter): Promise<void> {
    this.#streaming += 1;
    try {
      await bringSegment(segment, {
        writer,
        signal: this.#abort.signal,
        stallMs: this.tuning.stallMs,
        onBytes: () => {
          this.#tries = 0;
          this.report.enter(this.phase);
          this.report.moved();
        },
      });
    } finally {
      this.#streaming -= 1;
    }
  }

  #chunkStored(): void {
    for (const following of this.#following.values()) following.look();
    this.#wakeup.all();
  }

  async #recover(transfer: FileTransfer, error: unknown): Promise<void> {
    if (error instanceof RangesIgnored) return transfer.becomeSequential();
    if (error instanceof ContentChanged) {
      const technical = error.message;
      return this.#restart(transfer, { kind: 'download-changed', technical, subject: transfer.file.path });
    }
    if (!(error instanceof PassingTrouble)) throw error;
    const ms = Math.min(error.retryAfterMs ?? backoffMs(this.#tries, this.tuning.backoffMs), mostWaitMs);
    this.#tries += 1;
    const trouble = { failure: error.failure, retryAt: Date.now() + ms };
    this.#troubles.add(trouble);
    this.#tellTrouble();
    // Claimed meanwhile, so that no other connection asks at once for what the server has just refused.
    if (!this.#stopped) await this.#tryNow.waitAtMost(ms);
    this.#troubles.delete(trouble);
  }

  /** While one connection still streams, it is no interruption that a person has to hear of, or that others could use. */
  #tellTrouble(): void {
    const [soonest] = [...this.#troubles].sort((a, b) => a.retryAt - b.retryAt);
    if (this.#streaming > 0 || !soonest || this.#stopped) return;
    const { failure, retryAt } = soonest;
    this.report.wait(retryAt, failure);
    if (retryAt - Date.now() > this.tuning.patienceMs) this.#stop(new LongTrouble(failure, retryAt, this.#tries));
  }

  /** Throws the content of one file away and begins it again, or gives up. */
  async #restart(transfer: FileTransfer, failure: Failure): Promise<void> {
    const restarts = (this.#restarts.get(transfer) ?? 0) + 1;
    this.#restarts.set(transfer, restarts);
    await this.store.discardFile(transfer.record.key);
    transfer.restart();
    if (restarts > mostRestarts) throw new FailureError(failure);
  }

  /** Sees one file through to its verified end. */
  async #verify(transfer: FileTransfer): Promise<void> {
    const { store, thread, tuning } = this;
    while (!this.#stopped) {
      const following =
        transfer.chunks > 1
          ? new FollowingHash(transfer, store, thread, tuning.settleMs, () => this.#wakeup.all())
          : null;
      if (following) this.#following.set(transfer, following);
      else while (!transfer.isComplete && !this.#stopped) await this.#wakeup.wait();
      if (this.#stopped) following?.abandon();
      const verdict = await judgeFile(transfer, store, following);
      if (this.#stopped) continue;
      if (verdict === null) {
        this.#wakeup.all();
        continue;
      }
      if (verdict.right) {
        await store.finishFile(transfer.record.key, verdict.verified, verdict.sha256);
        this.#open.delete(transfer);
        this.#wakeup.all();
        return;
      }
      const { technical } = verdict;
      await this.#restart(transfer, { kind: 'download-wrong', technical, subject: transfer.file.path });
      this.#wakeup.all();
    }
  }
}

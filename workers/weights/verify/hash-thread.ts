import { startWorker } from '../../../src/shared/platform/trusted-worker';
import { WorkerHandle } from '../../../src/shared/platform/worker-handle';
import hashWorkerUrl from '../../hash.worker.ts?worker&url';
import type { RunningHashes } from './running-hashes';

/** How long the thread lives on without work, in ms: it is needed for minutes, and then not for days. */
const idleMs = 10_000;

/** A hash that is under way. */
export interface FedHash {
  /** Takes the next bytes. */
  update(piece: Blob): Promise<void>;
  /** Its state, to go on from another time. */
  save(): Promise<Uint8Array | undefined>;
}

/** The hash thread as the weights worker sees it: started when needed, ended when idle. */
export class HashThread {
  readonly #thread = new WorkerHandle<RunningHashes>({
    start: () => startWorker(hashWorkerUrl, 'hash'),
    name: 'the hash thread',
    crashed: 'unexpected',
  });
  #users = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /**
   * Hashes one file, fed in order by `feed`, which is told whether the hash goes on from `state`.
   * @param state of an earlier hash of the same file
   * @returns lower-case hex of its SHA-256
   * @throws what `feed` throws; DOMException when a Blob cannot be read any more; FailureError when the thread ends
   */
  async hash(feed: (hash: FedHash, resumed: boolean) => Promise<void>, state?: Uint8Array): Promise<string> {
    clearTimeout(this.#idle);
    this.#users += 1;
    try {
      const hashes = this.#thread.start();
      const { id, resumed } = await hashes.begin(state);
      try {
        await feed({ update: (piece) => hashes.update(id, piece), save: () => hashes.save(id) }, resumed);
      } catch (error) {
        // Ended unread, so that the thread does not keep it.
        void hashes.end(id).catch(() => '');
        throw error;
      }
      return await hashes.end(id);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#idle = setTimeout(() => this.#thread.end(), idleMs);
    }
  }
}

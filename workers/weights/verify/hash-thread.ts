import { releaseProxy, wrap, type Remote } from 'comlink';
import { FailureError } from '../../../src/shared/protocol/failure';
import { startWorker } from '../../../src/shared/platform/trusted-worker';
import hashWorkerUrl from '../../hash.worker.ts?worker&url';
import type { RunningHashes } from './running-hashes';

/** How long the thread lives on without work, in ms: it is needed for minutes, and then not for days. */
const idleMs = 10_000;

interface RunningThread {
  readonly worker: Worker;
  readonly hashes: Remote<RunningHashes>;
  /** Rejects when the thread ends: what it was asked would never be answered. */
  readonly died: Promise<never>;
}

/** A hash that is under way. */
export interface FedHash {
  /** Takes the next bytes. */
  update(piece: Blob): Promise<void>;
  /** Its state, to go on from another time. */
  save(): Promise<Uint8Array | undefined>;
}

/** The hash thread as the weights worker sees it: started when needed, ended when idle. */
export class HashThread {
  #thread: RunningThread | null = null;
  #users = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /**
   * Hashes one file, fed in order by `feed`, which is told whether the hash goes on from `state`.
   * @param state of an earlier hash of the same file
   * @returns lower-case hex of its SHA-256
   * @throws what `feed` throws; DOMException when a Blob cannot be read any more
   */
  async hash(feed: (hash: FedHash, resumed: boolean) => Promise<void>, state?: Uint8Array): Promise<string> {
    clearTimeout(this.#idle);
    this.#users += 1;
    const { hashes, died } = this.#start();
    const alive = <T>(answer: Promise<T>): Promise<T> => Promise.race([answer, died]);
    try {
      const { id, resumed } = await alive(hashes.begin(state));
      try {
        const fed: FedHash = {
          update: (piece) => alive(hashes.update(id, piece)),
          save: () => alive(hashes.save(id)),
        };
        await feed(fed, resumed);
      } catch (error) {
        // Ended unread, so that the thread does not keep it.
        void hashes.end(id).catch(() => '');
        throw error;
      }
      return await alive(hashes.end(id));
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#idle = setTimeout(() => this.#stop(), idleMs);
    }
  }

  #start(): RunningThread {
    if (this.#thread) return this.#thread;
    const worker = startWorker(hashWorkerUrl, 'hash');
    const died = new Promise<never>((_, reject) => {
      worker.onerror = ({ message }): void => {
        this.#stop();
        // An event without words: its script did not arrive.
        reject(
          message
            ? new Error(`the hash thread ended: ${message}`)
            : new FailureError({
                kind: 'part-unreachable',
                technical: 'the script of the hash thread could not be loaded',
              }),
        );
      };
    });
    died.catch(() => {});
    this.#thread = { worker, hashes: wrap<RunningHashes>(worker), died };
    return this.#thread;
  }

  #stop(): void {
    this.#thread?.hashes[releaseProxy]();
    this.#thread?.worker.terminate();
    this.#thread = null;
  }
}

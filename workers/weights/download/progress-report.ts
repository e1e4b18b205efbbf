import type { Failure } from '../../../src/shared/protocol/failure';
import type { TransferProgress } from '../../../src/shared/protocol/weights';
import { RateMeter } from './rate-meter';

/** Progress is told at most so often, in ms: more would keep every tab busy with drawing. */
const reportMs = 250;

type Phase = TransferProgress['phase'];

/** Tells how far a transfer is: often enough to be seen moving, at once when its phase changes. */
export class ProgressReport {
  readonly #rate = new RateMeter();
  #phase: Phase = 'queued';
  #waiting: { readonly retryAt: number; readonly obstacle: Failure } | null = null;
  #toldAt = -Infinity;

  constructor(
    private readonly modelId: string,
    private readonly totalBytes: number,
    private readonly receivedBytes: () => number,
    private readonly tell: (progress: TransferProgress) => void,
  ) {}

  enter(phase: Exclude<Phase, 'waiting'>): void {
    if (this.#phase !== phase) this.#rate.restart();
    const changed = this.#phase !== phase;
    this.#phase = phase;
    this.#waiting = null;
    if (changed) this.#report(performance.now());
  }

  /** @param retryAt ms since 1970 */
  wait(retryAt: number, obstacle: Failure): void {
    this.#phase = 'waiting';
    this.#waiting = { retryAt, obstacle };
    this.#rate.restart();
    this.#report(performance.now());
  }

  /** Bytes have moved. */
  moved(): void {
    const now = performance.now();
    if (now - this.#toldAt >= reportMs) this.#report(now);
  }

  #report(now: number): void {
    this.#toldAt = now;
    const receivedBytes = Math.min(this.receivedBytes(), this.totalBytes);
    this.#rate.add(receivedBytes, now);
    const { bytesPerSecond } = this.#rate;
    const left = this.totalBytes - receivedBytes;
    this.tell({
      modelId: this.modelId,
      phase: this.#phase,
      receivedBytes,
      totalBytes: this.totalBytes,
      bytesPerSecond,
      secondsLeft: bytesPerSecond === null || bytesPerSecond <= 0 ? null : left / bytesPerSecond,
      ...this.#waiting,
    });
  }
}

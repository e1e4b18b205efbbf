import type { WorkerTime } from '../../shared/protocol/benchmark';

export interface ClockOffset {
  /** ms of the page's clock at which the worker's was 0. */
  readonly workerZero: number;
  /** By how much that may be wrong, ms. */
  readonly uncertainty: number;
}

const trips = 20;

/**
 * Where the worker's clock stands on the page's: the two start at different times. Of twenty questions the one answered fastest
 * counts.
 * @returns null where the worker does not answer
 */
export async function clockOffset(ask: () => Promise<WorkerTime | null>): Promise<ClockOffset | null> {
  let best: ClockOffset | null = null;
  for (let trip = 0; trip < trips; trip += 1) {
    const sent = performance.now();
    const time = await ask();
    const back = performance.now();
    if (!time) return best;
    const uncertainty = (back - sent) / 2;
    if (best === null || uncertainty < best.uncertainty)
      best = { workerZero: (sent + back) / 2 - time.now, uncertainty };
  }
  return best;
}

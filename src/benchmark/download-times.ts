import type { WeightsEvent } from '../shared/protocol/weights';

export interface DownloadTime {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** From further along, it is the rest of an older download. */
const beginning = 0.02;

/** How long downloads take that begin and end on this visit without a pause. */
export class DownloadTimes {
  readonly #begun = new Map<string, { readonly at: number; readonly bytes: number }>();
  readonly #done = new Map<string, DownloadTime>();

  hear(event: WeightsEvent, now = performance.now()): void {
    if (event.type !== 'progress') return;
    const { modelId, phase, receivedBytes, totalBytes } = event.progress;
    const begun = this.#begun.get(modelId);
    if (phase === 'waiting' || phase === 'queued') this.#begun.delete(modelId);
    else if (!begun && phase === 'downloading' && receivedBytes < beginning * totalBytes)
      this.#begun.set(modelId, { at: now, bytes: receivedBytes });
    else if (begun && receivedBytes === totalBytes && now > begun.at)
      this.#done.set(modelId, { milliseconds: now - begun.at, bytes: totalBytes - begun.bytes });
  }

  of(modelId: string): DownloadTime | null {
    return this.#done.get(modelId) ?? null;
  }
}

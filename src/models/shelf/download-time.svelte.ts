/** How long a download will take, before it is begun. */
import type { WeightsEvent } from '../../shared/protocol/weights';

/** What is known of the line. */
export interface Line {
  readonly bytesPerSecond: number;
  /** The browser tells no more than this, however fast the line is. */
  readonly isCapped: boolean;
}

/** Chromium hides what is faster than this, in Mbit/s, so that lines cannot be told apart. */
const mostToldMegabits = 10;

/** The rate of the last download of this visit; before the first one, what the browser tells of the line. Null for neither. */
export class LineRate {
  #measured = $state<number | null>(null);

  hear(event: WeightsEvent): void {
    if (event.type === 'progress' && event.progress.phase === 'downloading' && event.progress.bytesPerSecond)
      this.#measured = event.progress.bytesPerSecond;
  }

  get now(): Line | null {
    if (this.#measured !== null) return { bytesPerSecond: this.#measured, isCapped: false };
    const { connection } = navigator as Navigator & { readonly connection?: { readonly downlink?: unknown } };
    const megabits = connection?.downlink;
    if (typeof megabits !== 'number' || !(megabits > 0)) return null;
    return { bytesPerSecond: (megabits * 1e6) / 8, isCapped: megabits >= mostToldMegabits };
  }
}

export interface DownloadSeconds {
  readonly value: number;
  /** The line may be faster than the browser tells. */
  readonly atMost: boolean;
}

export const downloadSeconds = (bytes: number, line: Line | null): DownloadSeconds | null =>
  line && { value: bytes / line.bytesPerSecond, atMost: line.isCapped };

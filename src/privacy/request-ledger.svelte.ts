import { weightsChannelName, type WeightsEvent } from '../contracts/weights';

interface RequestRow {
  /** ms since the epoch */
  readonly at: number;
  readonly host: string;
  /** Without query: it may carry what is nobody's business. */
  readonly path: string;
  /** What asked for it, as the browser says: script, css, fetch, …; `weights` for models. */
  readonly purpose: string;
  /** Bytes that crossed the network; 0 for a copy of the browser's own cache, null where it does not tell. */
  readonly bytes: number | null;
}

const capacity = 2000;

function rowFrom(entry: PerformanceResourceTiming): RequestRow {
  const url = new URL(entry.name);
  return {
    at: Math.round(performance.timeOrigin + entry.startTime),
    host: url.host,
    path: url.protocol === 'blob:' ? 'blob' : url.pathname,
    purpose: entry.initiatorType,
    bytes: Number.isFinite(entry.transferSize) ? entry.transferSize : null,
  };
}

/**
 * Every request made since the page was opened: the page's own, as the browser itself recorded them, and those for models,
 * which the weights worker tells of (of every tab, since tabs share downloads).
 */
export class RequestLedger {
  #rows = $state.raw<readonly RequestRow[]>([]);

  /** Oldest first. */
  get rows(): readonly RequestRow[] {
    return this.#rows;
  }

  start(): void {
    if ('BroadcastChannel' in globalThis) {
      new BroadcastChannel(weightsChannelName).onmessage = ({ data }: MessageEvent<WeightsEvent>): void => {
        if (data.type === 'request') this.#add([{ ...data.request, purpose: 'weights' }]);
      };
    }
    if (!('PerformanceObserver' in globalThis)) return;
    new PerformanceObserver((list) => {
      this.#add((list.getEntries() as PerformanceResourceTiming[]).map(rowFrom));
    }).observe({ type: 'resource', buffered: true });
  }

  #add(rows: readonly RequestRow[]): void {
    this.#rows = [...this.#rows, ...rows].slice(-capacity);
  }
}

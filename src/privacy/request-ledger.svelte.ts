import { withDatabase } from '../shared/platform/database-connection';
import { ledgerChannelName, ledgerDatabase, mostRequestRows, type RequestRow } from '../shared/platform/request-log';

/** The list of requests as the Privacy page shows it: what is stored, and what comes while it is open. */
export class RequestLedger {
  #rows = $state.raw<readonly RequestRow[]>([]);
  #stored = $state(true);
  #channel: BroadcastChannel | null = null;

  /** Oldest first. */
  get rows(): readonly RequestRow[] {
    return this.#rows;
  }

  /** False where the browser stores nothing: then only what was heard of in this visit is known. */
  get stored(): boolean {
    return this.#stored;
  }

  /** @param heard rows of this visit, for a browser that stores none */
  async open(heard: readonly RequestRow[]): Promise<void> {
    if ('BroadcastChannel' in globalThis) {
      this.#channel = new BroadcastChannel(ledgerChannelName);
      this.#channel.onmessage = ({ data }: MessageEvent<RequestRow>): void => {
        this.#rows = [...this.#rows, data].slice(-mostRequestRows);
      };
    }
    try {
      const rows = await withDatabase(ledgerDatabase, (database) => database.getAll('requests'));
      // By the time of the request: threads write when they can.
      this.#rows = rows.sort((a, b) => a.at - b.at);
    } catch {
      this.#stored = false;
      this.#rows = heard;
    }
  }

  close(): void {
    this.#channel?.close();
  }

  async clear(): Promise<void> {
    try {
      await withDatabase(ledgerDatabase, (database) => database.clear('requests'));
    } catch {
      // There was nothing stored.
    }
    this.#rows = [];
  }
}

/** Downloads that are put off: until when, and what ends their wait sooner. */
import type { Wakeup } from './download/wakeup';
import type { ModelRecord } from './store/weights-database';
import type { WeightsStore } from './store/weights-store';

/** No download is put off for longer: what says so was noted before the clock was set back. */
const mostDelayMs = 3_600_000;

/** How long a download is still put off, in ms; not above 0 when it is due. */
export function delayOf({ postponed }: ModelRecord): number {
  const left = postponed ? postponed.until - Date.now() : 0;
  return left > mostDelayMs ? 0 : left;
}

export const withoutDelay = ({ postponed: _, ...record }: ModelRecord): ModelRecord => record;

export const isWanted = ({ state, removedAt }: ModelRecord): boolean =>
  state === 'downloading' && removedAt === undefined;

interface Waiting {
  readonly store: Pick<WeightsStore, 'model' | 'changeModel'>;
  /** Ends the wait for another look at the record. */
  readonly changed: Wakeup;
  readonly signal: AbortSignal;
  /** Told before each sleep. */
  readonly tell: (record: ModelRecord, postponed: NonNullable<ModelRecord['postponed']>) => Promise<void>;
}

/** Waits while a download is put off. @throws the signal's reason */
export async function untilDue(modelId: string, { store, changed, signal, tell }: Waiting): Promise<void> {
  const wake = (): void => changed.all();
  let online = false;
  const backOnline = (): void => {
    online = true;
    wake();
  };
  signal.addEventListener('abort', wake);
  self.addEventListener('online', backOnline);
  try {
    for (;;) {
      // Before the record is read: what changes while it is read, or told, must not be slept through.
      const woken = changed.wait();
      signal.throwIfAborted();
      const record = await store.model(modelId);
      const left = record && isWanted(record) ? delayOf(record) : 0;
      if (!record?.postponed || left <= 0) return;
      // Whether a host allows it again does not hang on the network.
      if (online && isUnreachable(record)) {
        // Out of the record too: whoever takes the download up looks there again.
        await store.changeModel(modelId, (current) => (isUnreachable(current) ? withoutDelay(current) : undefined));
        return;
      }
      await tell(record, record.postponed);
      await changed.within(left, woken);
    }
  } finally {
    signal.removeEventListener('abort', wake);
    self.removeEventListener('online', backOnline);
  }
}

const isUnreachable = ({ postponed }: ModelRecord): boolean => postponed?.failure.kind === 'host-unreachable';

/** Where a download or a copy stands, in words. */
import type { StoredModel, TransferProgress } from '../../shared/protocol/weights';
import { failureText } from '../../text/failure-text';
import { formatBytes, formatClock, formatPercent } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';

export interface TransferText {
  /** What is going on; changes seldom, so it is read out. */
  readonly state: string;
  /** Amount, rate and time; changes every second, so it is not. */
  readonly figures: string;
  /** 0 to 1. */
  readonly fraction: number;
  /** For the progress bar. */
  readonly spoken: string;
}

const separator = ' · ';

/** @param progress the last that was heard of it, if anything */
export function transferText(model: StoredModel, progress: TransferProgress | undefined): TransferText {
  const received = progress?.receivedBytes ?? model.storedBytes;
  const total = progress?.totalBytes ?? model.bytes;
  const fraction = total > 0 ? Math.min(1, received / total) : 0;
  const amount = m.transfer_amount({ received: formatBytes(received), total: formatBytes(total) });
  const moving = progress?.phase === 'downloading' || progress?.phase === 'copying';
  const rate =
    moving && progress.bytesPerSecond ? m.transfer_rate({ amount: formatBytes(progress.bytesPerSecond) }) : '';
  const left = moving && progress.secondsLeft !== null ? timeLeft(progress.secondsLeft) : '';
  return {
    state: stateText(model, progress),
    figures: [amount, rate, left].filter((part) => part !== '').join(separator),
    fraction,
    spoken: [formatPercent(fraction), left].filter((part) => part !== '').join(separator),
  };
}

function stateText({ state, manifest }: StoredModel, progress: TransferProgress | undefined): string {
  if (state === 'paused') return m.transfer_paused();
  if (state === 'copying' && !progress) {
    return manifest.format === 'mlc' ? m.transfer_interrupted_folder() : m.transfer_interrupted();
  }
  switch (progress?.phase) {
    case undefined:
      return m.transfer_starting();
    case 'queued':
      return m.transfer_queued();
    case 'downloading':
      return m.transfer_downloading();
    case 'copying':
      return m.transfer_copying();
    case 'verifying':
      return m.transfer_verifying();
    case 'waiting':
      return waitingText(progress);
  }
}

function waitingText({ retryAt, obstacle }: TransferProgress): string {
  const next = retryAt === undefined ? m.transfer_waiting() : m.transfer_waiting_until({ time: formatClock(retryAt) });
  return obstacle ? m.transfer_obstacle({ obstacle: failureText(obstacle).title, next }) : next;
}

/** No more exact than such an estimate can be. @param seconds from now */
export function timeLeft(seconds: number): string {
  // Steps of five do not flicker.
  if (seconds < 57.5) return m.transfer_left_seconds({ seconds: String(Math.max(5, Math.ceil(seconds / 5) * 5)) });
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return m.transfer_left_minutes({ minutes: String(minutes) });
  return m.transfer_left_hours({ hours: String(Math.floor(minutes / 60)), minutes: String(minutes % 60) });
}

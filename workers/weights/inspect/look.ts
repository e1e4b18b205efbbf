/** How long a look at a host may take: as long as it answers, and a person wants to know. */
import { FailureError } from '../../../src/shared/protocol/failure';
import { pause } from '../../pause';
import { backoffMs, ContentChanged, PassingTrouble, unreachable } from '../download/passing-trouble';

export interface Look {
  /** A person has cancelled. */
  readonly signal: AbortSignal;
  /** How long a host may be silent, in ms. */
  readonly silenceMs: number;
}

/** While a person waits for an answer; a download tries for ever. */
const mostTries = 3;
/** What a host asks for beyond this is told instead of waited for, in ms. */
const mostWaitMs = 10_000;

/** Runs `work` again, a few times, when it met something that may pass. @throws FailureError, RangesIgnored, or the signal's reason */
export async function withFewTries<T>({ signal }: Look, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof ContentChanged)
        throw new FailureError({ kind: 'download-not-weights', technical: error.message });
      if (!(error instanceof PassingTrouble)) throw error;
      const ms = error.retryAfterMs ?? backoffMs(tries, 300);
      if (tries + 1 >= mostTries || ms > mostWaitMs) throw new FailureError(error.failure);
      await pause(ms, signal);
      signal.throwIfAborted();
    }
  }
}

/**
 * Runs one request, and gives it up when nothing has come for a while.
 * @param work is told when it is given up, and calls `alive` at each sign of life
 * @throws PassingTrouble for a silent host, or what `work` throws
 */
export async function unlessSilent<T>(
  { signal, silenceMs }: Look,
  url: string,
  work: (signal: AbortSignal, alive: () => void) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const stop = (): void => abort.abort(signal.reason);
  let silent = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silent = true;
      abort.abort();
    }, silenceMs);
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  alive();
  try {
    return await work(abort.signal, alive);
  } catch (error) {
    if (silent && !signal.aborted) throw unreachable(url, `nothing came for ${silenceMs} ms`);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

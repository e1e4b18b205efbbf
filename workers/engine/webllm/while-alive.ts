import { FailureError } from '../../../src/shared/protocol/failure';
import type { GpuWatch } from './gpu-watch';
import type { Watchdog } from './watchdog';
import { webLlmFailure } from './webllm-failure';

interface Life {
  readonly watch: GpuWatch;
  readonly watchdog: Watchdog;
  readonly signal: AbortSignal;
  readonly loading: boolean;
}

const aborted = (): DOMException => new DOMException('The operation was aborted.', 'AbortError');

/** A loss is often told in other words first, and by its own promise a moment later. */
const momentMs = 50;

/**
 * The outcome of `work`, or the reason why nobody should wait for it any more: WebLLM's own promises may stay pending for
 * ever when a device is lost or hangs.
 * @throws FailureError, or an `AbortError` when the signal says so
 */
export async function whileAlive<T>(work: Promise<T>, { watch, watchdog, signal, loading }: Life): Promise<T> {
  const lost = watch.lost.then((failure) => Promise.reject(new FailureError(failure)));
  const hung = watchdog.barked.then(() =>
    Promise.reject(new FailureError({ kind: 'gpu-hung', technical: 'no sign of life from the GPU' })),
  );
  const stopped = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(aborted());
    signal.addEventListener('abort', () => reject(aborted()), { once: true });
  });
  // Whichever comes later finds nobody waiting.
  for (const promise of [work, lost, hung, stopped]) void promise.catch(() => undefined);
  try {
    return await Promise.race([work, stopped, lost, hung]);
  } catch (error) {
    if (signal.aborted) throw aborted();
    if (error instanceof FailureError) throw error;
    const loss = await Promise.race([watch.lost, new Promise<null>((resolve) => setTimeout(resolve, momentMs, null))]);
    throw new FailureError(loss ?? webLlmFailure(error, loading));
  }
}

/** Thrown inside a run that the person stopped; never leaves the runner. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export function checkStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new Stopped('stopped');
}

/** The outcome of `work`, or `Stopped` as soon as the signal aborts: an engine may be long in coming to its end. */
export function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // What comes after a stop interests nobody, but must not go unheard as an error of the page.
  work.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Stopped('stopped'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

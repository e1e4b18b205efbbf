/**
 * What some work comes to, or the given answer as soon as the signal ends: whoever asked does not wait for work that looks at its
 * signal now and then. Nothing of it stays with the signal, which may live for thousands of such works.
 */
export function unlessAborted<T, A>(work: Promise<T>, signal: AbortSignal | undefined, answer: A): Promise<T | A> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(answer);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    void work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', stop));
  });
}

/**
 * Resolves to the given answer when the signal ends something: whoever asked does not wait for work that looks at its signal now
 * and then. Never, where there is no signal.
 */
export const whenAborted = <T>(signal: AbortSignal | undefined, answer: T): Promise<T> =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve(answer);
    else signal?.addEventListener('abort', () => resolve(answer), { once: true });
  });

import type { TokenSink } from './engine';

/** A sink that takes nothing more once the call has been answered with "cancelled". */
export const untilAborted = (sink: TokenSink, signal: AbortSignal): TokenSink => ({
  token: (text) => {
    if (!signal.aborted) sink.token(text);
  },
  prefillProgress: (processed, total) => {
    if (!signal.aborted) sink.prefillProgress(processed, total);
  },
});

/** Resolves to the given answer when the call is ended: whoever asked does not wait for an engine that looks at its signal now and then. */
export const whenAborted = <T>(signal: AbortSignal, answer: T): Promise<T> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(answer);
    else signal.addEventListener('abort', () => resolve(answer), { once: true });
  });

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

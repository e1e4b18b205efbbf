interface Sentinel {
  release(): Promise<void>;
}

interface WakeLockSource {
  readonly wakeLock?: { request(type: 'screen'): Promise<Sentinel> };
}

/** Keeps the screen on until the signal aborts. @returns whether the browser agreed */
export function holdWakeLock(
  signal: AbortSignal,
  source: WakeLockSource = navigator as WakeLockSource,
): Promise<boolean> {
  // The browser takes the lock of a page that is hidden, and does not give it back.
  const again = (): void => {
    if (document.visibilityState === 'visible') void take(signal, source);
  };
  document.addEventListener('visibilitychange', again, { signal });
  return take(signal, source);
}

async function take(signal: AbortSignal, source: WakeLockSource): Promise<boolean> {
  try {
    const sentinel = await source.wakeLock?.request('screen');
    if (!sentinel) return false;
    const release = (): void => void sentinel.release().catch(() => undefined);
    if (signal.aborted) release();
    else signal.addEventListener('abort', release, { once: true });
    return true;
  } catch {
    // Low battery, or a page that is not seen: nothing that a run could not do without.
    return false;
  }
}

interface Sentinel {
  release(): Promise<void>;
}

interface WakeLockSource {
  readonly wakeLock?: { request(type: 'screen'): Promise<Sentinel> };
}

/** Keeps the screen on until the signal aborts. @returns whether the browser agreed */
export async function holdWakeLock(
  signal: AbortSignal,
  source: WakeLockSource = navigator as WakeLockSource,
): Promise<boolean> {
  try {
    const sentinel = await source.wakeLock?.request('screen');
    if (!sentinel) return false;
    const release = (): void => void sentinel.release().catch(() => undefined);
    if (signal.aborted) release();
    signal.addEventListener('abort', release, { once: true });
    return true;
  } catch {
    // Low battery, or a page that is not seen: nothing that a run could not do without.
    return false;
  }
}

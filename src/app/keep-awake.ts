/** While a model is being fetched: the screen stays on, since sleep would cut the download off, and the app's icon has a badge. */
export class KeepAwake {
  #wanted = false;
  #lock: Promise<WakeLockSentinel | null> | null = null;

  constructor() {
    document.addEventListener('visibilitychange', () => {
      // The browser takes the lock of a page that is hidden.
      if (document.visibilityState === 'visible') {
        this.#lock = null;
        this.#take();
      }
    });
  }

  /** @param downloads how many models are being fetched */
  set(downloads: number): void {
    this.#wanted = downloads > 0;
    if (this.#wanted) this.#take();
    else this.#letGo();
    // Neither exists everywhere, and a refusal changes nothing.
    const badge = downloads > 0 ? navigator.setAppBadge?.(downloads) : navigator.clearAppBadge?.();
    void badge?.catch(() => {});
  }

  #take(): void {
    if (!this.#wanted || this.#lock !== null || !('wakeLock' in navigator)) return;
    this.#lock = navigator.wakeLock.request('screen').catch(() => null);
  }

  #letGo(): void {
    const lock = this.#lock;
    this.#lock = null;
    void lock?.then((sentinel) => sentinel?.release()).catch(() => {});
  }
}

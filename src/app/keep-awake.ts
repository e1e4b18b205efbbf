import { holdWakeLock } from '../device/wake-lock';

/** While a model is being fetched: the screen stays on, since sleep would cut the download off, and the app's icon has a badge. */
export class KeepAwake {
  #ends: AbortController | null = null;

  /** @param downloads how many models are being fetched */
  set(downloads: number): void {
    if (downloads === 0) {
      this.#ends?.abort();
      this.#ends = null;
    } else if (this.#ends === null) {
      this.#ends = new AbortController();
      void holdWakeLock(this.#ends.signal);
    }
    // Neither exists everywhere, and a refusal changes nothing.
    const badge = downloads > 0 ? navigator.setAppBadge?.(downloads) : navigator.clearAppBadge?.();
    void badge?.catch(() => {});
  }
}

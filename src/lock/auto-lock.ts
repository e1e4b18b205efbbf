import type { LockDelay } from '../shared/domain/lock';

/** How long Sotto may be out of sight, for those who want that, in ms. */
const hiddenMs = 60_000;
/** How often the time is looked at, and other tabs are told that somebody is here, in ms. */
const tickMs = 5000;

/** How long nobody may touch Sotto, in ms; null for as long as they like. */
export function limitOf(delay: LockDelay): number | null {
  if (delay === 'never') return null;
  return delay === 'hidden' ? hiddenMs : Number(delay) * 60_000;
}

interface AutoLockParts {
  readonly delay: () => LockDelay;
  /** Whether something goes on, in any tab, that a person has left running on purpose. */
  readonly isBusy: () => Promise<boolean>;
  readonly tellActive: () => void;
  readonly lock: () => void;
}

/**
 * Locks when nobody has used Sotto for a while, in whichever tab. It waits for answers, downloads and benchmarks: they are
 * left to themselves just because they take long, and what an answer has so far is sealed as it is written.
 */
export class AutoLock {
  // Both: a computer's sleep stops the one, and a wrong clock may turn back the other.
  #wall = Date.now();
  #steady = performance.now();
  #toldAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #touched = (): void => {
    if (this.parts.delay() === 'hidden') return;
    this.active();
    this.#tell();
  };
  readonly #look = (): void => void this.#check();

  constructor(private readonly parts: AutoLockParts) {}

  start(): void {
    if (this.#timer !== undefined) return;
    this.active();
    for (const type of events) addEventListener(type, this.#touched, { passive: true, capture: true });
    document.addEventListener('visibilitychange', this.#look);
    this.#timer = setInterval(this.#look, tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const type of events) removeEventListener(type, this.#touched, { capture: true });
    document.removeEventListener('visibilitychange', this.#look);
  }

  /** Somebody is here, in this tab or another. */
  active(): void {
    this.#wall = Date.now();
    this.#steady = performance.now();
  }

  async #check(): Promise<void> {
    const limit = limitOf(this.parts.delay());
    if (limit === null) return;
    const idle = Math.max(Date.now() - this.#wall, performance.now() - this.#steady);
    if (idle >= limit) {
      if (!(await this.parts.isBusy())) this.parts.lock();
      return;
    }
    if (this.parts.delay() !== 'hidden' || document.visibilityState === 'hidden') return;
    this.active();
    this.#tell();
  }

  #tell(): void {
    if (performance.now() - this.#toldAt < tickMs) return;
    this.#toldAt = performance.now();
    this.parts.tellActive();
  }
}

const events = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

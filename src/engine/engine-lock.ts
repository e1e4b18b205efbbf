/**
 * One tab holds a large model at a time: two would take the memory twice, and a GPU's is the first to run out. A Web Lock ends
 * with its tab, also when it crashes.
 */
const lockName = 'sotto-engine';
const channelName = 'sotto-engine';

/** How long the other tab may take to let go, in ms: it has to free its memory first. */
const patience = 8000;

/** Web Locks are missing in insecure contexts: better one unguarded tab than none. */
const locks = (): LockManager | undefined => (navigator as { readonly locks?: LockManager }).locks;

export class EngineLock {
  #letGo: (() => void) | null = null;
  readonly #channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(channelName) : null;

  /** @param onAsked told when another tab wants the engine, while this one has it; it is let go afterwards */
  constructor(onAsked: () => void) {
    this.#channel?.addEventListener('message', () => {
      if (this.#letGo === null) return;
      onAsked();
      this.release();
    });
  }

  get isHeld(): boolean {
    return this.#letGo !== null;
  }

  /** @returns false when another tab has it */
  async take(): Promise<boolean> {
    return this.isHeld || this.#request({ ifAvailable: true });
  }

  /** Asks the tab that has it to let go. @returns false when it does not, as a tab that is frozen cannot */
  async takeOver(): Promise<boolean> {
    if (this.isHeld) return true;
    this.#channel?.postMessage('wanted');
    return this.#request({ signal: AbortSignal.timeout(patience) });
  }

  release(): void {
    this.#letGo?.();
    this.#letGo = null;
  }

  /** Whether any tab has it now. */
  static async isTaken(): Promise<boolean> {
    const { held = [] } = (await locks()?.query()) ?? {};
    return held.some(({ name }) => name === lockName);
  }

  #request(options: LockOptions): Promise<boolean> {
    const manager = locks();
    if (!manager) {
      this.#letGo = (): void => {};
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      manager
        .request(lockName, options, (lock) => {
          if (lock === null) return resolve(false);
          resolve(true);
          return new Promise<void>((release) => (this.#letGo = release));
        })
        .catch(() => resolve(false));
    });
  }
}

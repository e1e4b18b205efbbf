/** One tab holds a large model at a time: two would take the memory twice, and a GPU's is the first to run out. */
import { heldLocks, holdLock } from '../shared/platform/web-locks';

const lockName = 'sotto-engine';
const channelName = 'sotto-engine';

/** How long the other tab may take to let go, in ms: it has to free its memory first. */
const patienceMs = 8000;

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
    return this.isHeld || this.#hold(0);
  }

  /** Asks the tab that has it to let go. @returns false when it does not, as a tab that is frozen cannot */
  async takeOver(): Promise<boolean> {
    if (this.isHeld) return true;
    this.#channel?.postMessage('wanted');
    return this.#hold(patienceMs);
  }

  release(): void {
    this.#letGo?.();
    this.#letGo = null;
  }

  /** Whether any tab has it now. */
  static async isTaken(): Promise<boolean> {
    return (await heldLocks()).has(lockName);
  }

  async #hold(patienceMs: number): Promise<boolean> {
    const letGo = await holdLock(lockName, { patienceMs });
    if (letGo) this.#letGo = letGo;
    return letGo !== null;
  }
}

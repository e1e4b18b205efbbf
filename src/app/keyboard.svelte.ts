const storageKey = 'sotto.single-keys';

/** How a person uses the keyboard here. */
export class Keyboard {
  /** The list of shortcuts is on the screen. */
  helpOpen = $state(false);
  #singleKeys = $state(true);

  constructor() {
    try {
      this.#singleKeys = localStorage.getItem(storageKey) !== 'off';
    } catch {
      // Some private modes throw at the mere touch of localStorage.
    }
  }

  /** Whether letters alone are shortcuts where nobody types. */
  get singleKeys(): boolean {
    return this.#singleKeys;
  }

  chooseSingleKeys(on: boolean): void {
    this.#singleKeys = on;
    try {
      localStorage.setItem(storageKey, on ? 'on' : 'off');
    } catch {
      // Kept for this visit only.
    }
  }
}

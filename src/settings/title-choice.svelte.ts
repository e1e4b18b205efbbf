const storageKey = 'sotto.titles';

function remembered(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

/** Whether the model may name conversations. */
export class TitleChoice {
  #on = $state(remembered());

  get on(): boolean {
    return this.#on;
  }

  choose(on: boolean): void {
    this.#on = on;
    try {
      localStorage.setItem(storageKey, on ? 'on' : 'off');
    } catch {
      // Kept for this visit only.
    }
  }
}

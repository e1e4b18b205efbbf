const storageKey = 'sotto.previews';

function remembered(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

/** Whether what a model writes as HTML, SVG or Mermaid may be drawn. One switch for all of it: without it, there is no button. */
export class PreviewChoice {
  #on = $state(remembered());

  constructor() {
    this.#tell();
  }

  get on(): boolean {
    return this.#on;
  }

  choose(on: boolean): void {
    this.#on = on;
    this.#tell();
    try {
      localStorage.setItem(storageKey, on ? 'on' : 'off');
    } catch {
      // Kept for this visit only.
    }
  }

  /** Answers are elements without components: the style sheet shows the button or hides it. */
  #tell(): void {
    document.documentElement.dataset['previews'] = this.#on ? 'on' : 'off';
  }
}

const storageKey = 'sotto.install';

/** Chromium's event; no standard describes it yet. */
interface InstallEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

export type InstallWay =
  /** The browser asks when it is told to. */
  | 'prompt'
  /** By hand, through the menu for sharing: iPhones and iPads. */
  | 'share-menu'
  /** It is installed, or this browser installs no pages. */
  | 'none';

const isStandalone = (): boolean =>
  matchMedia('(display-mode: standalone), (display-mode: window-controls-overlay), (display-mode: minimal-ui)').matches;

/** Whether Sotto can be installed from here, and whether a person wants to hear of it. Built at once: the browser offers only early. */
export class InstallPrompt {
  #event = $state.raw<InstallEvent | null>(null);
  #installed = $state(isStandalone());
  #silent = $state(readSilence());

  constructor() {
    addEventListener('beforeinstallprompt', (event) => {
      // The browser's own bar would come before anyone knows what this is.
      event.preventDefault();
      this.#event = event as InstallEvent;
    });
    addEventListener('appinstalled', () => {
      this.#installed = true;
      this.#event = null;
    });
  }

  get way(): InstallWay {
    if (this.#installed) return 'none';
    if (this.#event !== null) return 'prompt';
    // Only Safari on iPhones and iPads knows this name.
    return (navigator as { standalone?: boolean }).standalone === false ? 'share-menu' : 'none';
  }

  get installed(): boolean {
    return this.#installed;
  }

  /** Nobody wants to be asked: for this visit, or for good. */
  get silent(): boolean {
    return this.#silent;
  }

  async ask(): Promise<void> {
    const event = this.#event;
    this.#silent = true;
    // It works once.
    this.#event = null;
    await event?.prompt();
  }

  never(): void {
    this.#silent = true;
    try {
      localStorage.setItem(storageKey, 'never');
    } catch {
      // For this visit, then.
    }
  }
}

function readSilence(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'never';
  } catch {
    return true;
  }
}

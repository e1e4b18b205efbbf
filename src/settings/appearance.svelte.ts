import { keepText, keptText } from '../ui/local-text';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storageKey = 'sotto.theme';

function remembered(): Theme {
  const value = keptText(storageKey);
  return themes.find((theme) => theme === value) ?? 'system';
}

/** Light, dark, or as the system has it. The colors themselves are in `ui/theme.css`. */
export class Appearance {
  #theme = $state<Theme>('system');

  constructor() {
    this.#theme = remembered();
    this.#apply();
  }

  get theme(): Theme {
    return this.#theme;
  }

  choose(theme: Theme): void {
    this.#theme = theme;
    this.#apply();
    keepText(storageKey, theme);
  }

  #apply(): void {
    document.documentElement.dataset['theme'] = this.#theme;
  }
}

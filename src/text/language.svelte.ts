import { type LanguageTag, languageTags } from '../shared/domain/languages';
import { keepText, keptText } from '../ui/local-text';
import { overwriteGetLocale } from './paraglide/runtime.js';
import { loadPart } from '../ui/load-part';
import { loadWords, wordParts } from './word-tables';

const storageKey = 'sotto.language';

const isTag = (value: unknown): value is LanguageTag => languageTags.includes(value as LanguageTag);

const primary = (tag: string): string | undefined => tag.toLowerCase().split('-')[0];

function remembered(): LanguageTag | null {
  const value = keptText(storageKey);
  return isTag(value) ? value : null;
}

/** The first language of the visitor that we speak. */
export function preferredLanguage(preferred: readonly string[]): LanguageTag {
  for (const wanted of preferred) {
    const spoken = languageTags.find((tag) => primary(tag) === primary(wanted));
    if (spoken) return spoken;
  }
  return 'en';
}

/** The language of the page. Every message that a component shows reads `current`, so a choice takes effect at once. */
export class Language {
  #current = $state<LanguageTag>('en');

  constructor(preferred: readonly string[] = navigator.languages) {
    this.#current = remembered() ?? preferredLanguage(preferred);
    overwriteGetLocale(() => this.#current);
    document.documentElement.lang = this.#current;
  }

  get current(): LanguageTag {
    return this.#current;
  }

  /** Loads what must be there before the first screen is shown. */
  async start(): Promise<void> {
    await loadWords(this.#current, 'first');
  }

  /**
   * Takes effect when the words are there.
   * @throws FailureError of a part that could not be loaded; the language is the same as before then
   */
  async choose(tag: LanguageTag): Promise<void> {
    await loadPart(() => Promise.all(wordParts.map((part) => loadWords(tag, part))));
    this.#current = tag;
    document.documentElement.lang = tag;
    keepText(storageKey, tag);
  }
}
